import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "./certificateAuthority";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";
import { ServerCertificate } from "./serverCertificate";
import { certificateExpiry } from "./validation/pem";

/** The certificate that the proxy serves, wherever it comes from. */
export interface ServedCertificate {
  /** Leaf and intermediates. */
  readonly chainPem: pulumi.Output<string>;
  readonly privateKeyPem: pulumi.Output<string>;
  /** What clients must trust; empty if they trust it already. */
  readonly caPem: pulumi.Output<string>;
  /** End of validity of the leaf, RFC 3339. */
  readonly expiresAt: pulumi.Output<string>;
}

/** Your own certificate if one is given, else one signed by a generated authority. */
export function servedCertificate(
  name: string,
  args: PrivateRegistryArgs,
  opts: pulumi.ComponentResourceOptions,
): ServedCertificate {
  const own = args.ownCertificate;
  if (own !== undefined) {
    const chainPem = pulumi
      .all([own.certificatePem, own.chainPem ?? ""])
      .apply((parts) => parts.map((part) => `${part.trim()}\n`).join(""));
    return {
      chainPem,
      privateKeyPem: pulumi.secret(own.privateKeyPem),
      caPem: pulumi.output(own.caCertificatePem ?? ""),
      expiresAt: pulumi.output(own.certificatePem).apply((pem) => certificateExpiry(pem).toISOString()),
    };
  }
  const authority = new CertificateAuthority(
    `${name}-ca`,
    {
      certificate: args.certificate,
      commonName: `${args.hostnames[0]} certificate authority`,
      generation: args.caGeneration,
    },
    opts,
  );
  const server = new ServerCertificate(
    `${name}-certificate`,
    {
      hostnames: [...args.hostnames, ...(args.extraSans ?? [])],
      caCertificatePem: authority.certificatePem,
      caPrivateKeyPem: authority.privateKeyPem,
      certificate: args.certificate,
    },
    opts,
  );
  return {
    chainPem: server.certificatePem,
    privateKeyPem: server.privateKeyPem,
    caPem: authority.certificatePem,
    expiresAt: server.expiresAt,
  };
}

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Whole days from now to the end of validity. */
export function daysUntil(end: string, now = new Date()): number {
  return Math.floor((Date.parse(end) - now.getTime()) / dayInMilliseconds);
}
