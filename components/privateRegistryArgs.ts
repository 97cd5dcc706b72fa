import type * as pulumi from "@pulumi/pulumi";
import type { BackupArgs } from "./backup/args";
import { secretBackup } from "./backup/secretBackup";
import { withSecrets } from "./base/withSecrets";
import type { AcmeArgs } from "./certificates/acme/args";
import type { CommonRegistryArgs } from "./commonArgs";
import type { ResourceArgs } from "./docker/args";
import type { ExternalFrontArgs, Front } from "./fronts/args";
import type { KeeperArgs } from "./keeper/args";
import type { DiskGuardArgs, QuotaArgs } from "./keeper/guardArgs";
import type { RetentionRuleArgs } from "./keeper/retentionArgs";
import type { BlobCacheArgs } from "./proxy/args";
import type { WafArgs } from "./proxy/waf/args";
import { secretStorage } from "./registry/secretStorage";
import type { StorageArgs } from "./registry/storageArgs";

export interface PrivateRegistryArgs extends CommonRegistryArgs {
  /** What stands between clients and registry. @default "nginx" */
  readonly front?: Front;
  /** What we must know about the load balancer of the front `external`. @default none */
  readonly external?: ExternalFrontArgs;
  /**
   * Address of the Docker host to publish on. `0.0.0.0` is all its IPv4 addresses, and with nginx in front `::` all of
   * both families.
   * @default "0.0.0.0"
   */
  readonly bindAddress?: string;
  /**
   * Subnets of the Docker network of the published port: one of IPv4, and one of IPv6 for clients to be known by
   * their own IPv6 addresses. Left out: Docker chooses, of IPv4 alone. To change them, choose subnets that none of the
   * old ones overlaps.
   * @default none
   */
  readonly networkSubnets?: string[];
  /** The ACME server and its account, for the source `acme`. @default none */
  readonly acme?: AcmeArgs;
  /** Where images are kept. @default {} */
  readonly storage?: StorageArgs;
  /**
   * Blobs that the proxy keeps on its disk, which it does if this is there: an empty map will do. For images in an object
   * store alone.
   * @default none
   */
  readonly blobCache?: BlobCacheArgs;
  /** Whether the data volume stays when the stack is destroyed. A bucket always does. @default true */
  readonly keepDataOnDestroy?: boolean;
  /** Which tags go by themselves, once a day. A new or changed rule only reports at first. @default [] */
  readonly retention?: RetentionRuleArgs[];
  /** The keeper, which frees space while people push and pull. @default {} */
  readonly keeper?: KeeperArgs;
  /** When the disk is too full for new pushes. @default {} */
  readonly diskGuard?: DiskGuardArgs;
  /** How much repositories may hold. @default [] */
  readonly quotas?: QuotaArgs[];
  /** Where backups of the images go, and when. @default <none> */
  readonly backup?: BackupArgs;
  /** Settings of the front `waf`. @default {} */
  readonly waf?: WafArgs;
  /**
   * Whether the proxy serves blobs from the disk itself; the registry then neither logs nor counts those
   * pulls.
   * @default <true, unless images are in an object store, overrides name something remote or answers have headers of
   * your own>
   */
  readonly proxyServesBlobs?: boolean;
  /**
   * Image of the keeper, with Node 20 or newer and flock. If you have none, set `keeper.enabled` to false.
   * @default "node:22.22.0-bookworm-slim"
   */
  readonly keeperImage?: string;
  /** Limits of the keeper's container. A collection takes 200 MB of memory for 20,000 tags. @default {} */
  readonly keeperResources?: ResourceArgs;
}

/** A copy whose secrets are marked. */
export function secretArgs(args: PrivateRegistryArgs): pulumi.Inputs {
  const { acme, backup, outgoing, ownAuthority, ownCertificate, registry, storage, users } = args;
  return {
    ...withSecrets(args, "registryConfigOverrides"),
    ...(users && { users: users.map((user) => withSecrets(user, "password")) }),
    ...(acme && { acme: withSecrets(acme, "eabHmacKey") }),
    ...(backup && { backup: secretBackup(backup) }),
    ...(outgoing && { outgoing: withSecrets(outgoing, "proxy") }),
    ...(ownAuthority && { ownAuthority: withSecrets(ownAuthority, "privateKeyPem") }),
    ...(ownCertificate && { ownCertificate: withSecrets(ownCertificate, "privateKeyPem") }),
    ...(registry && { registry: withSecrets(registry, "httpSecret") }),
    ...(storage && { storage: secretStorage(storage) }),
  };
}
