import type * as pulumi from "@pulumi/pulumi";
import type {
  AcmeArgs,
  CertificateArgs,
  ExternalFrontArgs,
  LogRotationArgs,
  OwnAuthorityArgs,
  OwnCertificateArgs,
  RegistryOptionsArgs,
  RequestLimitArgs,
  ResourceArgs,
  StorageArgs,
  UserArgs,
  WafArgs,
} from "./args";
import type { CertificateSource, Front } from "./enums";
import type { Labels } from "./identity";
import type { RegistryOverrides } from "./render/registryConfig";
import { withSecrets } from "./withSecrets";

export interface PrivateRegistryArgs {
  /** Host names and IP addresses by which clients reach the registry, lower case; the first is the endpoint. */
  readonly hostnames: readonly string[];
  /** What stands between clients and registry. Defaults to nginx. */
  readonly front?: Front;
  /** What must be known of the load balancer of the front `external`. */
  readonly external?: ExternalFrontArgs;
  /** Published port. Defaults to 443, which is left out of every address. */
  readonly port?: number;
  /** Address of the Docker host to publish on. Defaults to `0.0.0.0`: all IPv4 addresses. */
  readonly bindAddress?: string;
  /** Further names and IP addresses in the certificate, wildcards allowed. Defaults to none. */
  readonly extraSans?: readonly string[];
  /** Who may log in. Defaults to `admin` with a generated password. */
  readonly users?: readonly UserArgs[];
  /** The user whose credentials are in `dockerConfigJson` and `installScript`. Defaults to the first. */
  readonly clientUser?: string;
  /** IP address for the `/etc/hosts` line of clients whose DNS does not know the names. Defaults to no line. */
  readonly clientAddress?: string;
  /** Where the certificate comes from. Defaults to `own` where `ownCertificate` is given, else `generated`. */
  readonly certificateSource?: CertificateSource;
  /** Settings of generated authorities and certificates, those of clients included. */
  readonly certificate?: CertificateArgs;
  /** Raise it to have a second generated authority, which clients then trust beside the first. Defaults to 1. */
  readonly caGeneration?: number;
  /**
   * Raise it, once every client was installed again, to have the next authority sign and the one before go.
   * Defaults to 0. Less than `caGeneration`.
   */
  readonly caRetiredGeneration?: number;
  /** An authority of your own, which signs the server certificate instead of a generated one. */
  readonly ownAuthority?: OwnAuthorityArgs;
  /** A certificate of your own instead of the generated ones. */
  readonly ownCertificate?: OwnCertificateArgs;
  /** The ACME server and its account, for the source `acme`. */
  readonly acme?: AcmeArgs;
  /**
   * Whether the generated authority stays, and clients go on trusting it, beside an authority or certificate of
   * your own: while you change from one to the other. Defaults to false.
   */
  readonly keepGeneratedAuthority?: boolean;
  /**
   * Whether a client must present a certificate, generated for each user, before it may log in. Defaults to false.
   */
  readonly requireClientCertificates?: boolean;
  /** PEM of further authorities that clients shall trust, such as the next one. Defaults to none. */
  readonly extraCaCertificatesPem?: pulumi.Input<string>;
  /** Where images are kept. Defaults to the Docker volume `<project>-<stack>-<name>-data`. */
  readonly storage?: StorageArgs;
  /** Whether the data volume stays when the stack is destroyed. Defaults to true. */
  readonly keepDataOnDestroy?: boolean;
  /** Options of the registry process. */
  readonly registry?: RegistryOptionsArgs;
  /** Sections merged into the registry's config.yml last. Defaults to none. */
  readonly registryConfigOverrides?: RegistryOverrides;
  /** Settings of the front `waf`. */
  readonly waf?: WafArgs;
  /** nginx text put into the server block of the proxy. Unsafe: it can undo every protection. */
  readonly proxySnippet?: string;
  /**
   * Whether the proxy serves blobs from the disk itself; the registry then neither logs nor counts those pulls.
   * Defaults to true, unless overrides name something remote or answers have headers of your own.
   */
  readonly proxyServesBlobs?: boolean;
  /** What one client may ask of the proxy. Defaults to no limits but that of logins. */
  readonly limits?: RequestLimitArgs;
  /** Text of the login prompt. Defaults to "Private Registry". */
  readonly realm?: string;
  /** Log rotation of every container. Defaults to three files of 50 MB. */
  readonly logRotation?: LogRotationArgs;
  /** Time zone of the logs, such as "Asia/Shanghai". Defaults to UTC. */
  readonly timeZone?: string;
  /** Image of the registry. Defaults to `registry:3.1.2`. */
  readonly registryImage?: string;
  /** Image of the proxy. Defaults to `nginx:1.28`, or to OWASP's with the front `waf`. */
  readonly proxyImage?: string;
  /** Limits of the registry's container. Defaults to none. */
  readonly registryResources?: ResourceArgs;
  /** Limits of the proxy's container. Defaults to none. */
  readonly proxyResources?: ResourceArgs;
  /** Labels of every container, volume and network. Defaults to ours alone. */
  readonly labels?: Labels;
}

/** A copy whose secrets are marked. */
export function secretArgs(args: PrivateRegistryArgs): pulumi.Inputs {
  const { ownAuthority, ownCertificate, users } = args;
  return {
    ...withSecrets(args, "registryConfigOverrides"),
    ...(users && { users: users.map((user) => withSecrets(user, "password")) }),
    ...(ownAuthority && { ownAuthority: withSecrets(ownAuthority, "privateKeyPem") }),
    ...(ownCertificate && { ownCertificate: withSecrets(ownCertificate, "privateKeyPem") }),
  };
}
