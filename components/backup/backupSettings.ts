import { assignments } from "../base/shellScript";
import { keepArguments, targetOf } from "./backupTarget";
import type { ResolvedBackup } from "./defaults";

/** What brings a backup back, by name; secret. */
export interface BackupKeys {
  readonly [name: string]: string;
}

/** Lines that the script reads. */
export function settingsText(settings: ResolvedBackup, keys: BackupKeys, controlVolume: string): string {
  const { repository = "", host = "", accessKey, secretKey, region } = keys;
  const exported = {
    RESTIC_REPOSITORY: repository,
    ...(accessKey !== undefined && { AWS_ACCESS_KEY_ID: accessKey }),
    ...(secretKey !== undefined && { AWS_SECRET_ACCESS_KEY: secretKey }),
    ...(region !== undefined && { AWS_DEFAULT_REGION: region }),
  };
  const own = {
    TARGET: targetOf(settings),
    HOST: host,
    KEEP: keepArguments(settings),
    CONTROL_VOLUME: controlVolume,
    // An object store checks what it keeps itself, and many charge for what is read.
    READS_DATA: settings.s3 === undefined,
  };
  return `${assignments({ ...exported, ...own })}\nexport ${Object.keys(exported).join(" ")}\n`;
}
