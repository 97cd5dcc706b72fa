import type * as pulumi from "@pulumi/pulumi";
import type { ServiceArgs } from "../docker/args";
import type { OutgoingArgs } from "../outgoing/args";
import type { StorageArgs } from "./storageArgs";

/** The configuration dialect of the CNCF registry. */
export enum RegistryDialect {
  /** Distribution 2.x, for example `registry:2.8.3`. */
  V2 = "v2",
  /** Distribution 3.x, for example `registry:3.1.2`. */
  V3 = "v3",
}

/** Where the registry keeps blob descriptors it has already looked up. */
export enum DescriptorCache {
  /**
   * In the memory of the registry process, which still lists layers that a garbage collection has deleted:
   * restart the registry after one.
   */
  InMemory = "inmemory",
  /** Nowhere: every request asks the storage. */
  None = "none",
}

/** How much the registry logs. */
export enum LogLevel {
  /** Only errors. */
  Error = "error",
  /** Warnings too. */
  Warn = "warn",
  /** A line for each request too. */
  Info = "info",
  /** Everything, to look for a fault. */
  Debug = "debug",
}

/** The shape of a log line. */
export enum LogFormat {
  /** Words, for people. */
  Text = "text",
  /** One JSON object, for programs. */
  Json = "json",
}

/** A registry that clients reach without a proxy: it checks logins itself, and does TLS if it has a certificate. */
export interface DirectAccessArgs {
  /** Text of the htpasswd file. */
  readonly htpasswd: pulumi.Input<string>;
  /** PEM of the certificate to serve, followed by its intermediates. Left out: plain HTTP. @default none */
  readonly certificateChainPem?: pulumi.Input<string>;
  /** PEM of its private key. @default none */
  readonly privateKeyPem?: pulumi.Input<string>;
  /** PEM of authorities: only clients with a certificate of one of them may connect. @default none */
  readonly clientCaCertificatesPem?: pulumi.Input<string>;
  /** Published port. @default 443 */
  readonly port?: number;
  /**
   * Address of the Docker host to publish on. `0.0.0.0` is all its IPv4 addresses, `::` all of IPv6.
   * @default "0.0.0.0"
   */
  readonly bindAddress?: string;
  /** Text of the login prompt. @default "Private Registry" */
  readonly realm?: string;
}

/** Options of the registry process, rendered to its config.yml. */
export interface RegistryOptionsArgs {
  /** Configuration dialect. @default "v3" */
  readonly dialect?: RegistryDialect;
  /** Whether manifests and blobs may be deleted. @default true */
  readonly deleteEnabled?: boolean;
  /** Refuse every push and delete, for maintenance. @default false */
  readonly readOnly?: boolean;
  /** Cache of blob descriptors. @default <"none", unless an override names another storage driver: "inmemory"> */
  readonly cache?: DescriptorCache;
  /** Seconds between two checks of the storage driver. @default 10 */
  readonly healthIntervalSeconds?: number;
  /** Failed checks in a row after which the registry answers 503. @default 3 */
  readonly healthThreshold?: number;
  /**
   * Log level. At info the registry writes a line for each request, and the proxy does that already.
   * @default "warn"
   */
  readonly logLevel?: LogLevel;
  /** Log format. @default "text" */
  readonly logFormat?: LogFormat;
  /** Fields added to every log line. @default { service: "registry" } */
  readonly logFields?: { readonly [name: string]: string };
  /**
   * Whether the registry writes an access log; its "response completed" lines come with level info.
   * @default false
   */
  readonly accessLog?: boolean;
  /**
   * Response headers. If you set any, the registry serves the blobs, not the proxy. `X-Content-Type-Options` and
   * `Content-Security-Policy` are the proxy's where there is one, and there is no page beside any `Access-Control-`.
   * @default { "X-Content-Type-Options": ["nosniff"] }
   */
  readonly headers?: { readonly [name: string]: string[] };
  /** Whether uploads that were never finished are removed. @default true */
  readonly uploadPurging?: boolean;
  /** Hours after which an unfinished upload is removed. @default 168 */
  readonly uploadPurgeAgeHours?: number;
  /** Hours between two removals of unfinished uploads. @default 24 */
  readonly uploadPurgeIntervalHours?: number;
  /**
   * Key that signs the state of uploads: at least 32 characters, the same for all registries of one bucket. In a stack file it
   * stands beside the settings, as `registryHttpSecret`.
   * @default <generated>
   */
  readonly httpSecret?: pulumi.Input<string>;
  /** Seconds that requests under way get when the registry stops. @default 60 */
  readonly drainSeconds?: number;
  /** Tags looked up at the same time, v3 only. @default <the registry's own> */
  readonly tagLookupConcurrency?: number;
  /** Accept manifests of schema 1, v2 only. @default false */
  readonly schema1?: boolean;
}

/** Sections of config.yml by name, merged into the rendered one. */
// biome-ignore lint/suspicious/noExplicitAny: the only open map that the SDK's analyser of components knows
export type RegistryOverrides = { readonly [section: string]: any };

export interface RegistryServerArgs extends ServiceArgs {
  /** Image reference. An image of the CNCF distribution. @default "registry:3.1.2" */
  readonly image?: pulumi.Input<string>;
  /** Where images are kept. @default {} */
  readonly storage?: StorageArgs;
  /** Whether the data volume stays when the stack is destroyed. @default true */
  readonly keepDataOnDestroy?: boolean;
  /** Options of the registry process. @default {} */
  readonly options?: RegistryOptionsArgs;
  /** Sections merged into config.yml last, for what `options` lacks; kept secret in the state. @default {} */
  readonly configOverrides?: RegistryOverrides;
  /** Whether to wait until Docker calls it healthy, 5 s at least: a proxy asks sooner. @default true */
  readonly waitUntilHealthy?: boolean;
  /** For clients without a proxy: then it listens on a port of its own and checks logins. @default none */
  readonly direct?: DirectAccessArgs;
  /** How to reach an object store, or an upstream that an override names. @default {} */
  readonly outgoing?: OutgoingArgs;
  /**
   * Whether it writes its own figures into the volume of its socket each time its health is checked, for a proxy that
   * answers at `/metrics`.
   * @default false
   */
  readonly metrics?: boolean;
  /** Docker network, joined only for `direct`, `storage.s3` or if an override names something remote. @default none */
  readonly networkName?: pulumi.Input<string>;
  /** An output to wait for before the running container is replaced. @default <at once> */
  readonly door?: pulumi.Input<string>;
}
