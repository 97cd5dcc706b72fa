import type * as pulumi from "@pulumi/pulumi";
import type { ImageKind } from "../docker/imageNames";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";

/** Arguments that are nginx's to honour. */
export const ofProxy = [
  "access",
  "immutableTags",
  "proxySnippet",
  "proxyServesBlobs",
  "blobCache",
  "page",
  "limits",
  "log",
  "metrics",
  "proxyImage",
  "proxyResources",
  "diskGuard",
  "quotas",
] as const;

/** Arguments that make no sense without TLS. */
export const ofTls = [
  "extraSans",
  "certificate",
  "caGeneration",
  "caRetiredGeneration",
  "keepGeneratedAuthority",
  "ownAuthority",
  "ownCertificate",
  "extraCaCertificatesPem",
  "requireClientCertificates",
  "acme",
] as const;

/** An argument that not every front honours. */
export type FrontArgument = (typeof ofProxy)[number] | (typeof ofTls)[number] | "external" | "waf";

/** A kind of nginx in front of the registry. */
export interface ProxyKind {
  readonly image: ImageKind;
  /** Whether it inspects requests. */
  readonly hasFirewall: boolean;
}

/** A kind of front: what everything else must know about what stands between clients and registry. */
export interface FrontKind {
  /** Whether clients reach it by TLS; else passwords and images can be read on the way. */
  readonly hasTls: boolean;
  /** Our nginx, which has the published port. Defaults to none: the registry has it itself. */
  readonly proxy?: ProxyKind;
  /** Those that it honours of the arguments that not every front does. */
  readonly accepts: readonly FrontArgument[];
  /** Whether we serve a certificate. */
  readonly servesCertificate: (settings: ResolvedPrivateRegistry) => boolean;
  /** The port that clients use. */
  readonly clientPort: (settings: ResolvedPrivateRegistry) => number;
  /** PEM texts that clients must trust, of which one is that of the certificate that we serve. */
  readonly trustedPems: (
    settings: ResolvedPrivateRegistry,
    servedCa: pulumi.Output<string>,
  ) => pulumi.Input<string>[];
  /** Problems of its own, beside arguments that it does not accept. */
  readonly problems: (args: PrivateRegistryArgs) => string[];
}

/** Those of the arguments that are given. */
export function givenOf<Name extends keyof PrivateRegistryArgs>(
  args: PrivateRegistryArgs,
  names: readonly Name[],
): Name[] {
  return names.filter((name) => args[name] !== undefined);
}
