import type * as pulumi from "@pulumi/pulumi";
import type { AccessRuleArgs, ImmutableTagsArgs } from "./access/args";
import type {
  CertificateArgs,
  CertificateSource,
  OwnAuthorityArgs,
  OwnCertificateArgs,
} from "./certificates/args";
import type { LogRotationArgs, ResourceArgs } from "./docker/args";
import type { Labels } from "./docker/identity";
import type { OutgoingArgs } from "./outgoing/args";
import type { RequestLimitArgs } from "./proxy/args";
import type { RegistryOptionsArgs, RegistryOverrides } from "./registry/args";
import type { UserArgs } from "./users/args";
import type { LogArgs, MetricsArgs } from "./watch/args";

/** What any registry with a proxy of ours is told, whatever it runs on. */
export interface CommonRegistryArgs {
  /** Host names and IP addresses by which clients reach the registry, lower case; the first is the endpoint. */
  readonly hostnames: string[];
  /** Published port. 443 is left out of every address. @default 443 */
  readonly port?: number;
  /** Further names and IP addresses in the certificate, wildcards allowed. @default [] */
  readonly extraSans?: string[];
  /** Who may log in. @default [{ name: "admin" }] */
  readonly users?: UserArgs[];
  /**
   * Who may pull, push and delete what. Left out: every user may do everything. With one rule, the rest is refused.
   * @default none
   */
  readonly access?: AccessRuleArgs[];
  /**
   * Tags that never name another image, and are not deleted. Of two first pushes at one moment the last one wins.
   * @default none
   */
  readonly immutableTags?: ImmutableTagsArgs[];
  /**
   * The user whose credentials are in `dockerConfigJson`, `installScript` and `clients`.
   * @default <the first of users>
   */
  readonly clientUser?: string;
  /**
   * Users who get an install script of their own, in the output `installScripts`, and the files for each kind of
   * client, in `clientsByUser`.
   * @default []
   */
  readonly installScriptUsers?: string[];
  /** IP address for the `/etc/hosts` line of clients whose DNS does not know the names. @default none */
  readonly clientAddress?: string;
  /** Where the certificate comes from. @default <"own" where ownCertificate is given, else "generated"> */
  readonly certificateSource?: CertificateSource;
  /** Settings of generated authorities and certificates, those of clients included. @default {} */
  readonly certificate?: CertificateArgs;
  /** Raise it to get a second generated authority, which clients then trust besides the first. @default 1 */
  readonly caGeneration?: number;
  /**
   * Raise it once the install script has run on every client: the next authority then signs, and the older one is removed.
   * Less than `caGeneration`.
   * @default 0
   */
  readonly caRetiredGeneration?: number;
  /**
   * An authority of your own, which signs the server certificate instead of a generated one.
   * @default none
   */
  readonly ownAuthority?: OwnAuthorityArgs;
  /** A certificate of your own instead of the generated ones. @default none */
  readonly ownCertificate?: OwnCertificateArgs;
  /**
   * Whether the generated authority stays, and clients go on trusting it, beside an authority or certificate
   * of your own: while you change from one to the other.
   * @default false
   */
  readonly keepGeneratedAuthority?: boolean;
  /**
   * Whether a client must present a certificate, generated for each user, before it may log in.
   * @default false
   */
  readonly requireClientCertificates?: boolean;
  /** PEM of further authorities that clients should trust, such as the next one. @default none */
  readonly extraCaCertificatesPem?: pulumi.Input<string>;
  /** Options of the registry process. @default {} */
  readonly registry?: RegistryOptionsArgs;
  /** Sections merged into the registry's config.yml last. @default {} */
  readonly registryConfigOverrides?: RegistryOverrides;
  /** How to reach what is outside: an object store, an upstream that overrides name, an ACME server. @default {} */
  readonly outgoing?: OutgoingArgs;
  /**
   * nginx text put into the server block of the proxy. Unsafe: it can undo every protection.
   * @default none
   */
  readonly proxySnippet?: string;
  /**
   * Whether people find a page at `/`: what is there, the command that pulls it, delete and restore, with their own login
   * and rights.
   * @default <true, unless answers have CORS headers of yours or `proxySnippet` answers `/`>
   */
  readonly page?: boolean;
  /** What one client may ask of the proxy. @default {} */
  readonly limits?: RequestLimitArgs;
  /** What the proxy writes down of requests, and the audit files. @default {} */
  readonly log?: LogArgs;
  /** Figures for Prometheus at `/metrics`, which are there if this is: an empty map will do. @default none */
  readonly metrics?: MetricsArgs;
  /** Text of the login prompt. @default "Private Registry" */
  readonly realm?: string;
  /** Log rotation of every container. @default {} */
  readonly logRotation?: LogRotationArgs;
  /**
   * Time zone, such as "Asia/Shanghai", of the logs; with a keeper, of `keeper.collectAt`, `backup.at` and the days of audit
   * files, too.
   * @default "UTC"
   */
  readonly timeZone?: string;
  /** Image of the registry. @default "registry:3.1.2" */
  readonly registryImage?: string;
  /** Image of the proxy, and of the verifier of logins. @default <"nginx:1.28"; OWASP's with the firewall> */
  readonly proxyImage?: string;
  /** Limits of the registry's container. @default {} */
  readonly registryResources?: ResourceArgs;
  /**
   * Limits of the proxy's container. It takes 1 MB of memory for each upload under way and 0.1 MB for each download.
   * @default {}
   */
  readonly proxyResources?: ResourceArgs;
  /** Labels of every container, volume and network. Ours are added. @default {} */
  readonly labels?: Labels;
}
