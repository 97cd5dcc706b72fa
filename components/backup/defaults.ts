import { resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { imageNames } from "../docker/imageNames";
import { resolvedOutgoing } from "../outgoing/defaults";
import type { BackupArgs, BackupKeepArgs, RegistryBackupArgs } from "./args";

/** When a backup begins each day. */
export const defaultBackupTime = "02:00";

const usualRules: BackupKeepArgs = { daily: 7, weekly: 5, monthly: 12 };

/** The settings of a backup with every default. */
export function resolvedBackup(args: BackupArgs) {
  const rules = Object.values(args.keep ?? {}).filter((value) => value !== undefined);
  return {
    ...args,
    at: args.at ?? defaultBackupTime,
    keep: (rules.length > 0 ? args.keep : undefined) ?? usualRules,
    sftp: args.sftp && { ...args.sftp, port: args.sftp.port ?? 22 },
    resources: resolvedResources(args.resources),
  };
}

export type ResolvedBackup = ReturnType<typeof resolvedBackup>;

/** The arguments of a RegistryBackup with every default. */
export function resolvedRegistryBackup(name: string, args: RegistryBackupArgs) {
  return {
    ...args,
    settings: resolvedBackup(args.settings),
    outgoing: resolvedOutgoing(args.outgoing),
    instance: args.instance ?? name,
    image: args.image ?? args.settings.image ?? imageNames.backup.official,
    logRotation: resolvedLogRotation(args.logRotation),
    labels: args.labels ?? {},
  };
}

export type ResolvedRegistryBackup = ReturnType<typeof resolvedRegistryBackup>;
