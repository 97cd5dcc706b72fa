import type * as pulumi from "@pulumi/pulumi";
import { withSecrets } from "../base/withSecrets";
import type { StorageArgs } from "./storageArgs";

/** A copy whose secret is marked. */
export function secretStorage(storage: StorageArgs): pulumi.Inputs {
  return { ...storage, ...(storage.s3 && { s3: withSecrets(storage.s3, "secretKey") }) };
}
