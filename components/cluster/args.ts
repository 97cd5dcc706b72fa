import type { CommonRegistryArgs } from "../commonArgs";
import type { BlobCacheArgs } from "../proxy/args";
import type { WafArgs } from "../proxy/waf/args";
import type { StorageArgs } from "../registry/storageArgs";

export interface RegistryClusterArgs extends CommonRegistryArgs {
  /** Number of swarm nodes that serve. If one of them cannot take tasks, the next change fails. */
  readonly nodes: number;
  /** Where images are kept: `s3` alone, as the nodes have no disk in common. */
  readonly storage: StorageArgs;
  /** Blobs that each node keeps on a disk of its own. @default <{}, unless answers have headers of your own> */
  readonly blobCache?: BlobCacheArgs;
  /**
   * Settings of the web application firewall, which is there if they are: an empty map will do. The image must have
   * ModSecurity and the OWASP Core Rule Set.
   * @default none
   */
  readonly waf?: WafArgs;
}
