import * as pulumi from "@pulumi/pulumi";
import type { RegistryBackupArgs } from "../backup/args";
import { resolvedBackup } from "../backup/defaults";
import { RegistryBackup } from "../backup/registryBackup";
import { localImage } from "../docker/localImage";
import type { RegistryKeeper } from "../keeper/registryKeeper";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";

/** What brings a backup back, by name. */
interface Keys {
  [name: string]: string;
}

/** Backups that a keeper asks for, if there are both; answers what brings them back. */
export function backupBeside(
  name: string,
  { backup, outgoing }: ResolvedPrivateRegistry,
  args: Omit<RegistryBackupArgs, "settings" | "controlVolumeName">,
  keeper: RegistryKeeper | undefined,
): pulumi.Output<Keys> {
  const none: Keys = {};
  if (backup === undefined || keeper === undefined) return pulumi.secret(none);
  const opts = { parent: keeper };
  const image = localImage(`${name}-backup-image`, resolvedBackup(backup).image, opts);
  const controlVolumeName = keeper.controlVolumeName;
  const beside = { ...args, image, settings: backup, outgoing, controlVolumeName };
  return new RegistryBackup(`${name}-backup`, beside, opts).keys;
}
