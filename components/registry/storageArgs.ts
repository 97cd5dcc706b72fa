import type * as pulumi from "@pulumi/pulumi";

/**
 * A bucket of an object store that speaks S3. The registry logs in with `accessKey` and `secretKey`, or by
 * `credentialsFile`; with none of them by the role of the machine that it runs on.
 */
export interface S3StorageArgs {
  /** The bucket, which must be there. */
  readonly bucket: string;
  /** Address of the store, such as "https://s3.example.com". @default <Amazon's of the region> */
  readonly endpoint?: string;
  /** Folder in the bucket. Registries of one folder are one registry. @default <none> */
  readonly folder?: string;
  /** Region, such as "eu-central-1". Needed without an endpoint. @default <"us-east-1" with an endpoint> */
  readonly region?: string;
  /** Name of the access key. @default none */
  readonly accessKey?: pulumi.Input<string>;
  /** Its secret. In a stack file it stands beside the settings, as `storageSecretKey`. @default none */
  readonly secretKey?: pulumi.Input<string>;
  /**
   * Absolute path on the Docker host of a file with a key, in the form of Amazon's own `~/.aws/credentials`, profile
   * `default`. User 10001 must be able to read it; it is read when the registry starts.
   * @default none
   */
  readonly credentialsFile?: string;
  /** Whether the bucket is in the path of an address, and not in the name. @default <true with an endpoint> */
  readonly pathStyle?: boolean;
  /**
   * Whether clients fetch blobs from the store itself, by addresses that are good for 20 minutes: they must be able to
   * reach and to trust it.
   * @default false
   */
  readonly redirect?: boolean;
}

/** Where images are kept. */
export interface StorageArgs {
  /** Name of the Docker volume. @default <project>-<stack>-<name>-data */
  readonly volumeName?: string;
  /** Absolute path on the Docker host, instead of a volume. @default none */
  readonly hostPath?: string;
  /**
   * Give every file below to the registry's user, not the top folder alone: once, for data of an older
   * registry that ran as root.
   * @default false
   */
  readonly takeOwnership?: boolean;
  /** An object store instead of a volume. No keeper works there. @default none */
  readonly s3?: S3StorageArgs;
}
