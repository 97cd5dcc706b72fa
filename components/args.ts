import type * as pulumi from "@pulumi/pulumi";
import type { DescriptorCache, KeyAlgorithm, LogFormat, LogLevel, RegistryDialect } from "./enums";

/** One person or machine that may log in. */
export interface UserArgs {
  /** Login name: letters, digits and `._@-`, at most 128 characters. */
  readonly name: string;
  /** Password of at most 72 bytes (bcrypt reads no more). @default <32 letters and digits, generated> */
  readonly password?: pulumi.Input<string>;
  /** Raise it to have a new password generated. Only for a user without `password`. @default 1 */
  readonly passwordGeneration?: number;
}

/** Settings of the certificates we generate. */
export interface CertificateArgs {
  /** Life of a server or client certificate in days, 825 at most (macOS refuses longer ones). @default 365 */
  readonly validityDays?: number;
  /** An `up` within this many days before the end renews it. @default 60 */
  readonly renewalDays?: number;
  /** Life of the certificate authority in days. @default 3650 */
  readonly caValidityDays?: number;
  /** Key algorithm of authorities and certificates. @default "ecdsa-p256" */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** Organization in the subject of all of them. @default "Private Registry" */
  readonly organization?: string;
  /** Organizational unit in the subject. @default none */
  readonly organizationalUnit?: string;
  /** Two-letter country code in the subject. @default none */
  readonly country?: string;
  /** State or province in the subject. @default none */
  readonly province?: string;
  /** Town in the subject. @default none */
  readonly locality?: string;
}

/** A certificate of your own, served instead of a generated one. */
export interface OwnCertificateArgs {
  /** PEM of the server certificate, optionally followed by its intermediates. */
  readonly certificatePem: pulumi.Input<string>;
  /** PEM of the unencrypted private key that belongs to it. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** PEM of the intermediates, if they come in a file of their own. @default none */
  readonly chainPem?: pulumi.Input<string>;
  /**
   * PEM of the root that clients must trust. Left out: a public authority that they trust already.
   * @default none
   */
  readonly caCertificatePem?: pulumi.Input<string>;
}

/** An account at an ACME server such as Let's Encrypt, and how it is shown that the names are yours: by HTTP-01. */
export interface AcmeServerArgs {
  /** Address of the account, to which the server may write. */
  readonly email: string;
  /**
   * Directory of the ACME server; giving it agrees to the server's terms. The default is Let's Encrypt's.
   * @default "https://acme-v02.api.letsencrypt.org/directory"
   */
  readonly directoryUrl?: string;
  /** Port for the server's challenge on `bindAddress`, which must be reachable as port 80. @default 80 */
  readonly challengePort?: number;
  /**
   * PEM of the root of the ACME server's own HTTPS, for a private one. Left out: a public authority.
   * @default none
   */
  readonly directoryCaPem?: string;
  /** Days before the end when it is renewed, at most half of its life. @default 30 */
  readonly renewalDays?: number;
}

/** A certificate from an ACME server. */
export interface AcmeArgs extends AcmeServerArgs {
  /**
   * PEM of the root that clients must trust. Left out: a public authority that they trust already.
   * @default none
   */
  readonly rootCaPem?: string;
  /** Image of the ACME client, lego. @default "goacme/lego:v4.35.2" */
  readonly image?: string;
}

/** A certificate authority of your own, which signs the server certificate instead of a generated one. */
export interface OwnAuthorityArgs {
  /** PEM of the authority that signs; if it is an intermediate, followed by those above it. */
  readonly certificatePem: pulumi.Input<string>;
  /** PEM of the unencrypted private key that belongs to the first of them. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** PEM of the root that clients must trust. @default <the root in certificatePem> */
  readonly rootPem?: pulumi.Input<string>;
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
  /** Address of the Docker host to publish on. `0.0.0.0` is all its IPv4 addresses. @default "0.0.0.0" */
  readonly bindAddress?: string;
  /** Text of the login prompt. @default "Private Registry" */
  readonly realm?: string;
}

/** Limits of one container. */
export interface ResourceArgs {
  /** Memory in MiB, 32 at least, 64 with a firewall; the container gets no swap beyond it. @default none */
  readonly memoryMib?: number;
  /** Processors, for example 1.5. @default none */
  readonly cpus?: number;
  /**
   * Files and connections that a process may have open at once. A rootless Docker that has less itself cannot start
   * the container ("error setting rlimit"): give its own limit, `ulimit -Hn`.
   * @default 16384
   */
  readonly openFiles?: number;
}

/** Somebody else's web application firewall or load balancer, which clients reach instead of us. */
export interface ExternalFrontArgs {
  /** Its networks or addresses, such as "192.0.2.7": requests of all others are refused, and what it says of clients is believed. */
  readonly trustedAddresses: string[];
  /** Port on which clients reach it. 443 is left out of every address. @default 443 */
  readonly publicPort?: number;
  /** Whether it speaks TLS with us too. If not, it is plain HTTP between the two. @default true */
  readonly encrypted?: boolean;
  /**
   * PEM of the authority that signed its certificate. Left out: a public authority that clients trust
   * already.
   * @default none
   */
  readonly caCertificatePem?: pulumi.Input<string>;
}

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

/** Log rotation of every container. */
export interface LogRotationArgs {
  /** Size at which Docker starts a new log file, such as "50m". @default "50m" */
  readonly maxSize?: string;
  /** Number of log files Docker keeps. @default 3 */
  readonly maxFiles?: number;
}

/** Settings of the web application firewall, the OWASP Core Rule Set. */
export interface WafArgs {
  /** 1 to 4: how many of its rules are used. Each level finds more and is wrong more often. @default 1 */
  readonly paranoiaLevel?: number;
  /** Points at which a request is refused; each rule that matches adds 2 to 5. @default 5 */
  readonly anomalyThreshold?: number;
  /** Refuse nothing and only log what rules find, for a trial. @default false */
  readonly detectionOnly?: boolean;
  /** Ids of rules to do without, such as 942100; the log of the proxy names them. @default [] */
  readonly excludedRules?: number[];
  /**
   * Size of a manifest in bytes from which on it is refused unread; uploads of blobs have no limit. The
   * registry itself takes no more than 4194304.
   * @default 4194304
   */
  readonly bodyLimit?: number;
}

/** Options of the registry process, rendered to its config.yml. */
export interface RegistryOptionsArgs {
  /** Configuration dialect. @default "v3" */
  readonly dialect?: RegistryDialect;
  /** Whether manifests and blobs may be deleted. @default true */
  readonly deleteEnabled?: boolean;
  /** Refuse every push and delete, for maintenance. @default false */
  readonly readOnly?: boolean;
  /** Cache of blob descriptors. @default <"none" on a file system, "inmemory" for an object store> */
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
   * Response headers. Given, they end the serving of blobs by the proxy.
   * @default { "X-Content-Type-Options": ["nosniff"] }
   */
  readonly headers?: { readonly [name: string]: string[] };
  /** Whether uploads that were never finished are removed. @default true */
  readonly uploadPurging?: boolean;
  /** Hours after which an unfinished upload is removed. @default 168 */
  readonly uploadPurgeAgeHours?: number;
  /** Hours between two removals of unfinished uploads. @default 24 */
  readonly uploadPurgeIntervalHours?: number;
  /** Seconds that requests under way get when the registry stops. @default 60 */
  readonly drainSeconds?: number;
  /** Tags looked up at the same time, v3 only. @default <the registry's own> */
  readonly tagLookupConcurrency?: number;
  /** Accept manifests of schema 1, v2 only. @default false */
  readonly schema1?: boolean;
}
