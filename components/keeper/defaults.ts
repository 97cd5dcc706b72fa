import { defaultTimeZone, resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { imageNames } from "../docker/imageNames";
import { resolvedRegistryOptions } from "../registry/defaults";
import type { KeeperArgs, RegistryKeeperArgs } from "./args";
import { resolvedDiskGuard } from "./guardDefaults";
import { resolvedRetentionRule } from "./retentionDefaults";

/** The settings of a keeper with every default. @param canWork - whether it can, with this registry */
export function resolvedKeeper(args: KeeperArgs = {}, canWork = true) {
  return {
    ...args,
    enabled: args.enabled ?? canWork,
    collectAt: args.collectAt ?? "03:30",
    graceHours: args.graceHours ?? 24,
    undoDays: args.undoDays ?? 7,
    scrubDays: args.scrubDays ?? 30,
  };
}

/** The arguments of a RegistryKeeper with every default. */
export function resolvedRegistryKeeper(name: string, args: RegistryKeeperArgs) {
  return {
    ...args,
    settings: resolvedKeeper(args.settings),
    retention: (args.retention ?? []).map(resolvedRetentionRule),
    diskGuard: resolvedDiskGuard(args.diskGuard, args.diskGuard !== undefined),
    quotas: args.quotas ?? [],
    auditDays: args.auditDays ?? 0,
    metrics: args.metrics ?? false,
    uploadHours: args.uploadHours ?? resolvedRegistryOptions().uploadPurgeAgeHours,
    readOnly: args.readOnly ?? false,
    instance: args.instance ?? name,
    image: args.image ?? imageNames.keeper.official,
    timeZone: args.timeZone ?? defaultTimeZone,
    logRotation: resolvedLogRotation(args.logRotation),
    resources: resolvedResources(args.resources),
    labels: args.labels ?? {},
  };
}

export type ResolvedRegistryKeeper = ReturnType<typeof resolvedRegistryKeeper>;
