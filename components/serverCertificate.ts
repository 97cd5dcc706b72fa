import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateArgs } from "./args";
import { childOptions } from "./childOptions";
import { issuedCertificate } from "./issuedCertificate";
import { refuse } from "./refuse";
import { certificateSettingsProblems } from "./validation/certificates";
import { hostnameProblems } from "./validation/hostnames";

export interface ServerCertificateArgs {
  /** Names and IP addresses the certificate is for; the first is its common name. */
  readonly hostnames: string[];
  /** PEM of the authority that signs it. */
  readonly caCertificatePem: pulumi.Input<string>;
  /** PEM of the authority's private key. */
  readonly caPrivateKeyPem: pulumi.Input<string>;
  /** Validity, renewal, key and subject. @default {} */
  readonly certificate?: CertificateArgs;
}

/**
 * A server certificate signed by a given authority, renewed by any `up` within its renewal window.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class ServerCertificate extends pulumi.ComponentResource {
  /** PEM of the server certificate; the root is left out, as clients have it. */
  public readonly certificatePem: pulumi.Output<string>;
  /** PEM of its private key; secret. */
  public readonly privateKeyPem: pulumi.Output<string>;
  /** End of validity, RFC 3339. */
  public readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: ServerCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    const certificate = args.certificate ?? {};
    refuse(name, [
      ...hostnameProblems("hostnames", args.hostnames, { wildcards: true }),
      ...certificateSettingsProblems(certificate),
    ]);
    super(
      "private-registry:index:ServerCertificate",
      name,
      { ...args, caPrivateKeyPem: pulumi.secret(args.caPrivateKeyPem) },
      opts,
    );

    const { key, leaf } = issuedCertificate(
      (role) => `${name}-${role}`,
      {
        commonName: args.hostnames[0] ?? name,
        dnsNames: args.hostnames.filter((hostname) => !isIP(hostname)),
        ipAddresses: args.hostnames.filter((hostname) => isIP(hostname)),
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
        caCertificatePem: args.caCertificatePem,
        caPrivateKeyPem: args.caPrivateKeyPem,
        certificate,
      },
      childOptions(this, opts),
    );

    this.certificatePem = leaf.certPem;
    this.privateKeyPem = pulumi.secret(key.privateKeyPem);
    this.expiresAt = leaf.validityEndTime;
    this.registerOutputs({
      certificatePem: this.certificatePem,
      privateKeyPem: this.privateKeyPem,
      expiresAt: this.expiresAt,
    });
  }
}
