import type * as pulumi from "@pulumi/pulumi";
import type { AccessRuleArgs, AccessUserArgs, ImmutableTagsArgs } from "../access/args";
import type { ServiceArgs } from "../docker/args";
import type { QuotaArgs } from "../keeper/guardArgs";
import type { LogArgs, MetricsArgs } from "../watch/args";
import type { WafArgs } from "./waf/args";

/** What one client may ask of the proxy. One client is an IPv4 address or an IPv6 network of 64 bits. */
export interface RequestLimitArgs {
  /**
   * Networks such as "192.0.2.0/24", or addresses, that may use the registry; others get 403.
   * @default none
   */
  readonly allowedAddresses?: string[];
  /** Requests a second; others wait, or get 429. @default none */
  readonly requestsPerSecond?: number;
  /** Requests over that rate that may wait. @default <five seconds' worth> */
  readonly requestBurst?: number;
  /** Requests at the same time, each on a connection of its own; others get 429. @default none */
  readonly connectionsPerAddress?: number;
  /** Logins a second that are new or wrong; others wait, or get 429. @default 5 */
  readonly loginsPerSecond?: number;
  /** Logins over that rate that may wait. @default <ten seconds' worth> */
  readonly loginBurst?: number;
}

/** Blobs that the proxy keeps on its own disk, where the registry has them in an object store. */
export interface BlobCacheArgs {
  /** GiB that they may take; 0 for none. @default 10 */
  readonly sizeGib?: number;
}

export interface RegistryProxyArgs extends ServiceArgs {
  /**
   * PEM of the certificate to serve, followed by its intermediates. Left out behind a front alone: plain
   * HTTP.
   * @default none
   */
  readonly certificateChainPem?: pulumi.Input<string>;
  /** PEM of its private key. @default none */
  readonly privateKeyPem?: pulumi.Input<string>;
  /**
   * PEM of authorities: only clients with a certificate of one of them may connect. Left out: every client
   * may, without a certificate.
   * @default none
   */
  readonly clientCaCertificatesPem?: pulumi.Input<string>;
  /**
   * Volume with a certificate instead, output of an AcmeCertificate; a new one in it is taken up by itself.
   * @default none
   */
  readonly certificateVolumeName?: pulumi.Input<string>;
  /** Text of the htpasswd file. */
  readonly htpasswd: pulumi.Input<string>;
  /** Who may pull, push and delete what. Left out: every user may do everything. @default none */
  readonly access?: AccessRuleArgs[];
  /** Groups of users, and ends of their logins. @default [] */
  readonly users?: AccessUserArgs[];
  /** Tags that never name another image, and are not deleted. @default none */
  readonly immutableTags?: ImmutableTagsArgs[];
  /**
   * Addresses by which clients reach the registry, as in references of images; the first stands for others.
   * @default <whatever a client calls it>
   */
  readonly names?: string[];
  /** Volume in which the registry listens, output of a RegistryServer. */
  readonly socketVolumeName: pulumi.Input<string>;
  /** Id of the registry's container: the run waits until another one answers. @default none */
  readonly registryId?: pulumi.Input<string>;
  /** Volume of the registry's data, from which the proxy then serves blobs itself. @default none */
  readonly dataVolumeName?: pulumi.Input<string>;
  /** The same for data on a path of the Docker host. @default none */
  readonly dataHostPath?: string;
  /**
   * Blobs of an object store that the proxy keeps, which it does if this is there: an empty map will do.
   * @default none
   */
  readonly blobCache?: BlobCacheArgs;
  /** Control volume of a RegistryKeeper, its output: the proxy then hands it the requests of clients. @default none */
  readonly controlVolumeName?: pulumi.Input<string>;
  /** Whether that keeper guards the disk: a push does not begin while it says so. @default false */
  readonly diskGuard?: boolean;
  /** The quotas of that keeper, in its order. @default [] */
  readonly quotas?: QuotaArgs[];
  /**
   * Whether the registry keeps images in an object store: what it says of failures there is not shown to clients, and
   * nothing is written while its collector works.
   * @default false
   */
  readonly objectStore?: boolean;
  /** Docker network of the published port. */
  readonly networkName: pulumi.Input<string>;
  /** Docker network of a load balancer in a container, which then reaches the proxy there. @default none */
  readonly furtherNetworkName?: pulumi.Input<string>;
  /** An output to wait for before the running container is replaced. @default <at once> */
  readonly door?: pulumi.Input<string>;
  /** Published port. @default 443 */
  readonly port?: number;
  /**
   * Address of the Docker host to publish on. `0.0.0.0` is all its IPv4 addresses, `::` all of both families.
   * @default "0.0.0.0"
   */
  readonly bindAddress?: string;
  /** Text of the login prompt. @default "Private Registry" */
  readonly realm?: string;
  /**
   * Networks of a load balancer in front, from which alone requests are taken. Left out: from anywhere.
   * @default none
   */
  readonly trustedAddresses?: string[];
  /**
   * Settings of the web application firewall, which is there if they are: an empty map will do. The image must have
   * ModSecurity and the OWASP Core Rule Set.
   * @default none
   */
  readonly waf?: WafArgs;
  /**
   * nginx text put into the server block. Not checked but by nginx: it can undo every protection.
   * @default none
   */
  readonly snippet?: string;
  /** What is written down of requests. @default {} */
  readonly log?: LogArgs;
  /** Figures at `/metrics`, which are there if this is: an empty map will do. @default none */
  readonly metrics?: MetricsArgs;
  /** Whether there is a page for people at `/`. @default true */
  readonly page?: boolean;
  /** What one client may ask. @default {} */
  readonly limits?: RequestLimitArgs;
  /** Image reference, for the verifier of logins too. @default <"nginx:1.28"; OWASP's with waf> */
  readonly image?: pulumi.Input<string>;
}
