import type * as pulumi from "@pulumi/pulumi";
import { withSecrets } from "../base/withSecrets";
import type { BackupArgs } from "./args";

/** A copy whose secrets are marked. */
export function secretBackup(backup: BackupArgs): pulumi.Inputs {
  const { sftp, s3 } = backup;
  return {
    ...withSecrets(backup, "password"),
    ...(sftp && { sftp: withSecrets(sftp, "privateKey") }),
    ...(s3 && { s3: withSecrets(s3, "secretKey") }),
  };
}
