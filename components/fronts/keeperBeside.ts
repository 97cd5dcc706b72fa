import type * as pulumi from "@pulumi/pulumi";
import { resolvedBackup } from "../backup/defaults";
import { localImage } from "../docker/localImage";
import type { RegistryKeeperArgs } from "../keeper/args";
import { RegistryKeeper } from "../keeper/registryKeeper";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { resolvedRegistryOptions } from "../registry/defaults";
import { frontKind } from "./fronts";

/** More than a century. */
const neverHours = 1_000_000;

/** A keeper of the same data. Its server waits for the front: what clients need comes first. */
export function keeperBeside(
  name: string,
  settings: ResolvedPrivateRegistry,
  args: RegistryKeeperArgs,
  opts: pulumi.CustomResourceOptions,
): RegistryKeeper {
  const { uploadPurging, uploadPurgeAgeHours, readOnly } = resolvedRegistryOptions(
    settings.registry,
    settings.registryConfigOverrides,
  );
  return new RegistryKeeper(
    `${name}-keeper`,
    {
      ...args,
      image: localImage(`${name}-keeper-image`, settings.keeperImage, opts),
      settings: settings.keeper,
      retention: settings.retention,
      immutableTags: settings.immutableTags,
      // Only a proxy refuses.
      diskGuard: frontKind(settings.front).proxy && settings.diskGuard,
      quotas: settings.quotas,
      auditDays: settings.log.auditDays,
      metrics: settings.metrics !== undefined,
      backupAt: settings.backup && resolvedBackup(settings.backup).at,
      uploadHours: uploadPurging ? uploadPurgeAgeHours : neverHours,
      readOnly,
      resources: settings.keeperResources,
    },
    opts,
  );
}
