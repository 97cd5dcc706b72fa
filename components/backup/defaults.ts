import { resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { imageNames } from "../docker/imageNames";
import { resolvedOutgoing } from "../outgoing/defaults";
import type { BackupArgs, BackupKeepArgs, RegistryBackupArgs, SftpTargetArgs } from "./args";

/** When a backup begins each day. */
export const defaultBackupTime = "02:00";

const usualRules: BackupKeepArgs = { daily: 7, weekly: 5, monthly: 12 };

/** A folder of another machine with every default. */
export function resolvedSftp(args: SftpTargetArgs) {
  return { ...args, port: args.port ?? 22 };
}

/** The settings of a backup with every default. */
export function resolvedBackup(args: BackupArgs) {
  const rules = Object.values(args.keep ?? {}).filter((value) => value !== undefined);
  return {
    ...args,
    at: args.at ?? defaultBackupTime,
    keep: (rules.length > 0 ? args.keep : undefined) ?? usualRules,
    sftp: args.sftp && resolvedSftp(args.sftp),
    image: args.image ?? imageNames.backup.official,
    resources: resolvedResources(args.resources),
  };
}

export type ResolvedBackup = ReturnType<typeof resolvedBackup>;

/** The arguments of a RegistryBackup with every default. */
export function resolvedRegistryBackup(name: string, args: RegistryBackupArgs) {
  const settings = resolvedBackup(args.settings);
  return {
    ...args,
    settings,
    outgoing: resolvedOutgoing(args.outgoing),
    instance: args.instance ?? name,
    image: args.image ?? settings.image,
    logRotation: resolvedLogRotation(args.logRotation),
    labels: args.labels ?? {},
  };
}

export type ResolvedRegistryBackup = ReturnType<typeof resolvedRegistryBackup>;
