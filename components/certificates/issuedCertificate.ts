import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { certificateSubject } from "./certificateSubject";
import type { ResolvedCertificateSettings } from "./defaults";
import { keySettings } from "./keySettings";

export interface IssuedCertificateArgs {
  readonly commonName: string;
  readonly dnsNames?: string[];
  readonly ipAddresses?: string[];
  /** What it may be used for, in the provider's words. */
  readonly allowedUses: string[];
  /** PEM of the authority that signs it. */
  readonly caCertificatePem: pulumi.Input<string>;
  readonly caPrivateKeyPem: pulumi.Input<string>;
  /** Validity, renewal, key and subject. */
  readonly certificate: ResolvedCertificateSettings;
}

/** A key, a request and the certificate that an authority signs, renewed by any `up` within its renewal window. */
export function issuedCertificate(
  nameOf: (role: string) => string,
  args: IssuedCertificateArgs,
  first: pulumi.CustomResourceOptions,
): { readonly key: tls.PrivateKey; readonly leaf: tls.LocallySignedCert } {
  const { certificate, parent } = { ...args, ...first };
  const key = new tls.PrivateKey(nameOf("key"), keySettings(certificate.keyAlgorithm), first);
  const request = new tls.CertRequest(
    nameOf("request"),
    {
      privateKeyPem: key.privateKeyPem,
      dnsNames: args.dnsNames,
      ipAddresses: args.ipAddresses,
      subject: certificateSubject(args.commonName, certificate),
    },
    { parent },
  );
  const leaf = new tls.LocallySignedCert(
    nameOf("certificate"),
    {
      certRequestPem: request.certRequestPem,
      caCertPem: args.caCertificatePem,
      caPrivateKeyPem: args.caPrivateKeyPem,
      allowedUses: args.allowedUses,
      validityPeriodHours: certificate.validityDays * 24,
      earlyRenewalHours: certificate.renewalDays * 24,
    },
    { parent },
  );
  return { key, leaf };
}
