import type { RegistryOverrides } from "./args";
import { needsNetwork, usesFilesystem } from "./registryOverrides";
import type { S3StorageArgs, StorageArgs } from "./storageArgs";

/** Whether images are kept on a disk of the Docker host: neither in a bucket nor where overrides say. */
export function keptOnDisk({ s3 }: StorageArgs = {}, overrides: RegistryOverrides = {}): boolean {
  return s3 === undefined && usesFilesystem(overrides);
}

/** Whether the registry talks to something outside its container, so that it needs a network. */
export function reachesOut({ s3 }: StorageArgs = {}, overrides: RegistryOverrides = {}): boolean {
  return s3 !== undefined || needsNetwork(overrides);
}

/** The place of the images in a store, for people. */
export function bucketName({ bucket, folder }: S3StorageArgs): string {
  return `s3://${folder === undefined ? bucket : `${bucket}/${folder}`}`;
}
