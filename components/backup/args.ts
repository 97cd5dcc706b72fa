import type * as pulumi from "@pulumi/pulumi";
import type { InstanceArgs, ResourceArgs } from "../docker/args";
import type { OutgoingArgs } from "../outgoing/args";

/** A folder of another machine, by SFTP. */
export interface SftpTargetArgs {
  /** Name or IP address of that machine. */
  readonly host: string;
  /** Its port. @default 22 */
  readonly port?: number;
  /** The user there. */
  readonly user: string;
  /** The folder there. restic makes it if need be. */
  readonly folder: string;
  /**
   * Keys of that machine, as its files `/etc/ssh/ssh_host_*_key.pub` have them, such as "ssh-ed25519 AAAA...". No other
   * machine is talked to.
   */
  readonly hostKeys: string[];
  /**
   * Private key of that user, without a passphrase. Left out: one is generated, and its public key is `sshPublicKey` of the
   * output `backup`.
   * @default <generated>
   */
  readonly privateKey?: pulumi.Input<string>;
}

/** A bucket of an object store that speaks S3. */
export interface S3TargetArgs {
  /** Address of the store, such as "https://s3.eu-central-1.amazonaws.com". */
  readonly endpoint: string;
  /** The bucket, which must be there or be one that the key may create. */
  readonly bucket: string;
  /** Folder in the bucket. @default <none> */
  readonly folder?: string;
  /** Region, where the store has some. @default <the store's> */
  readonly region?: string;
  /** Name of the access key. */
  readonly accessKey: string;
  /** Its secret. In a stack file it stands beside the settings, as `backupSecretKey`. @default none */
  readonly secretKey?: pulumi.Input<string>;
}

/** Which snapshots stay, by the rules of `restic forget`: the last one of each of so many days, weeks, months, years. */
export interface BackupKeepArgs {
  /** The newest so many, whenever they were made. @default none */
  readonly last?: number;
  /** Of so many days. @default <7, where no rule is given> */
  readonly daily?: number;
  /** Of so many weeks. @default <5, where no rule is given> */
  readonly weekly?: number;
  /** Of so many months. @default <12, where no rule is given> */
  readonly monthly?: number;
  /** Of so many years. @default none */
  readonly yearly?: number;
}

/** A backup of all images by restic, encrypted, while people push and pull. Give one of `folder`, `sftp` and `s3`. */
export interface BackupArgs {
  /** Folder of the Docker host, on another disk than the images. @default none */
  readonly folder?: string;
  /** Another machine. @default none */
  readonly sftp?: SftpTargetArgs;
  /** An object store. @default none */
  readonly s3?: S3TargetArgs;
  /** When it begins each day, "HH:MM" in `timeZone`. @default "02:00" */
  readonly at?: string;
  /** Password of restic, without which nothing comes back: keep it elsewhere, too. @default <generated> */
  readonly password?: pulumi.Input<string>;
  /** Which snapshots stay. @default { daily: 7, weekly: 5, monthly: 12 } */
  readonly keep?: BackupKeepArgs;
  /** Image of restic, 0.18 or newer, with ssh for `sftp`. @default "restic/restic:0.18.1" */
  readonly image?: string;
  /** Limits of its container. restic takes 200 MB of memory for a million files. @default {} */
  readonly resources?: ResourceArgs;
}

export interface RegistryBackupArgs extends InstanceArgs {
  /** What to do. Its schedule is the keeper's. */
  readonly settings: BackupArgs;
  /** How to reach the target, where that is not by the shortest way. @default {} */
  readonly outgoing?: OutgoingArgs;
  /** Volume of the registry's data, output of a RegistryServer. @default none */
  readonly dataVolumeName?: pulumi.Input<string>;
  /** The same for data on a path of the Docker host. @default none */
  readonly dataHostPath?: string;
  /** Volume by which the keeper says what to do, output of a RegistryKeeper. */
  readonly controlVolumeName: pulumi.Input<string>;
  /** Image reference. @default "restic/restic:0.18.1" */
  readonly image?: pulumi.Input<string>;
}
