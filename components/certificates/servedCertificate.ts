import * as pulumi from "@pulumi/pulumi";
import { checked } from "../base/checked";
import { localImage } from "../docker/localImage";
import { frontKind } from "../fronts/fronts";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { AcmeCertificate } from "./acme/acmeCertificate";
import { type ResolvedAcme, resolvedAcme } from "./acme/defaults";
import { CertificateSource, type OwnAuthorityArgs, type OwnCertificateArgs } from "./args";
import { CertificateAuthority } from "./certificateAuthority";
import { certificateExpiry, plainPem, splitPem } from "./pem";
import { intermediatesOf, joinPem, privateKeyOf, privateRootsOf, rootsOf, servedChain } from "./pemText";
import { ServerCertificate } from "./serverCertificate";

/** The certificate that the proxy serves, wherever it comes from. */
export interface ServedCertificate {
  /** Leaf and intermediates; none if they are in a volume. */
  readonly chainPem?: pulumi.Output<string>;
  readonly privateKeyPem?: pulumi.Output<string>;
  /** The volume with a certificate that is renewed without us. */
  readonly volumeName?: pulumi.Output<string>;
  /** What clients must trust; empty if they trust it already. */
  readonly caPem: pulumi.Output<string>;
  /** End of validity of the leaf or of what signs it, whichever is first, RFC 3339; empty if it is renewed without us. */
  readonly expiresAt: pulumi.Output<string>;
  /** The same of the authority alone. None for a certificate of your own. */
  readonly authorityExpiresAt?: pulumi.Output<string>;
}

/** What signs the server certificate. */
interface SigningAuthority {
  readonly certificatePem: pulumi.Output<string>;
  readonly privateKeyPem: pulumi.Output<string>;
  /** Served behind the server certificate, the signing one included. None for a root. */
  readonly intermediatesPem?: pulumi.Output<string>;
  /** What clients must trust. */
  readonly bundlePem: pulumi.Output<string>;
  readonly expiresAt: pulumi.Output<string>;
}

/** The certificate of these arguments; none for plain HTTP. */
export function servedCertificate(
  name: string,
  settings: ResolvedPrivateRegistry,
  opts: pulumi.ComponentResourceOptions,
): ServedCertificate | undefined {
  if (!frontKind(settings.front).servesCertificate(settings)) {
    return undefined;
  }
  const kept = settings.keepGeneratedAuthority ? generatedAuthority(name, settings, opts) : undefined;
  const served = certificateBySource(name, settings, kept, opts);
  const further = [kept?.bundlePem ?? "", settings.extraCaCertificatesPem ?? ""];
  return served && { ...served, caPem: pulumi.all([served.caPem, ...further]).apply(joinPem) };
}

function certificateBySource(
  name: string,
  settings: ResolvedPrivateRegistry,
  kept: CertificateAuthority | undefined,
  opts: pulumi.ComponentResourceOptions,
): ServedCertificate | undefined {
  const { acme, ownCertificate, ownAuthority } = settings;
  switch (settings.certificateSource) {
    case CertificateSource.Acme:
      return acmeServed(name, settings, resolvedAcme(checked("acme", acme)), opts);
    case CertificateSource.Own:
      return certificateOf(checked("ownCertificate", ownCertificate), opts);
    case CertificateSource.Generated: {
      const authority = ownAuthority
        ? signingAuthority(ownAuthority, opts)
        : (kept ?? generatedAuthority(name, settings, opts));
      return signedCertificate(name, settings, authority, opts);
    }
    case CertificateSource.None:
      return undefined;
  }
}

/** The generated authority, of all generations that are not retired. */
function generatedAuthority(
  name: string,
  settings: ResolvedPrivateRegistry,
  opts: pulumi.ComponentResourceOptions,
): CertificateAuthority {
  const authority = {
    certificate: settings.certificate,
    commonName: `${settings.hostnames[0]} certificate authority`,
    generation: settings.caGeneration,
    retiredGeneration: settings.caRetiredGeneration,
  };
  return new CertificateAuthority(`${name}-ca`, authority, opts);
}

function signedCertificate(
  name: string,
  settings: ResolvedPrivateRegistry,
  authority: SigningAuthority,
  opts: pulumi.ComponentResourceOptions,
): ServedCertificate {
  const server = new ServerCertificate(
    `${name}-certificate`,
    {
      hostnames: [...settings.hostnames, ...settings.extraSans],
      caCertificatePem: authority.certificatePem,
      caPrivateKeyPem: authority.privateKeyPem,
      certificate: settings.certificate,
    },
    opts,
  );
  return {
    chainPem: pulumi.all([server.certificatePem, authority.intermediatesPem ?? ""]).apply(joinPem),
    privateKeyPem: server.privateKeyPem,
    caPem: authority.bundlePem,
    expiresAt: pulumi.all([server.expiresAt, authority.expiresAt]).apply(earliest),
    authorityExpiresAt: authority.expiresAt,
  };
}

function acmeServed(
  name: string,
  { hostnames, extraSans, bindAddress, labels, logRotation, outgoing }: ResolvedPrivateRegistry,
  { image, rootCaPem = "", ...acme }: ResolvedAcme,
  opts: pulumi.ComponentResourceOptions,
): ServedCertificate {
  const { certificateVolumeName } = new AcmeCertificate(
    `${name}-acme`,
    {
      ...acme,
      hostnames: [...hostnames, ...extraSans],
      instance: name,
      outgoing,
      bindAddress,
      image: localImage(`${name}-acme-image`, image, opts),
      labels,
      logRotation,
    },
    opts,
  );
  return {
    volumeName: certificateVolumeName,
    caPem: pulumi.output(rootCaPem),
    expiresAt: pulumi.output(""),
  };
}

function certificateOf(own: OwnCertificateArgs, opts: pulumi.ComponentResourceOptions): ServedCertificate {
  const pem = pulumi.all([own.certificatePem, own.chainPem ?? ""]).apply((parts) => parts.join("\n"));
  return {
    chainPem: pem.apply(servedChain),
    privateKeyPem: pulumi.secret(own.privateKeyPem).apply(plainPem),
    caPem:
      own.caCertificatePem === undefined ? pem.apply(privateRootsOf) : pulumi.output(own.caCertificatePem),
    expiresAt: endOf(pem, opts),
  };
}

function signingAuthority(own: OwnAuthorityArgs, opts: pulumi.ComponentResourceOptions): SigningAuthority {
  const pem = pulumi.output(own.certificatePem);
  return {
    certificatePem: pem.apply((chain) => splitPem(chain)[0] ?? ""),
    privateKeyPem: pulumi.secret(own.privateKeyPem).apply(privateKeyOf),
    intermediatesPem: pem.apply(intermediatesOf),
    bundlePem: own.rootPem === undefined ? pem.apply(rootsOf) : pulumi.output(own.rootPem),
    expiresAt: endOf(pem, opts),
  };
}

/** What is given may be no certificate: reads it only after it was checked. */
function endOf(pem: pulumi.Output<string>, opts: pulumi.ComponentResourceOptions): pulumi.Output<string> {
  return pulumi
    .all([pem, opts.dependsOn])
    .apply(([text]) => earliest(splitPem(text).map((one) => certificateExpiry(one).toISOString())));
}

function earliest(ends: readonly string[]): string {
  return ends.reduce((first, end) => (Date.parse(end) < Date.parse(first) ? end : first));
}
