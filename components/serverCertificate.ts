import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { CertificateArgs } from "./args";
import { childOptions } from "./childOptions";
import { certificateSubject, keySettings } from "./keySettings";
import { refuse } from "./refuse";
import { certificateSettingsProblems } from "./validation/certificates";
import { hostnameProblems } from "./validation/hostnames";

export interface ServerCertificateArgs {
  /** Names and IP addresses the certificate is for; the first is its common name. */
  readonly hostnames: readonly string[];
  /** PEM of the authority that signs it. */
  readonly caCertificatePem: pulumi.Input<string>;
  /** PEM of the authority's private key. */
  readonly caPrivateKeyPem: pulumi.Input<string>;
  /** Validity, renewal, key and subject. */
  readonly certificate?: CertificateArgs;
}

/** A server certificate signed by a given authority, renewed by any `up` within its renewal window. */
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

    const key = new tls.PrivateKey(
      `${name}-key`,
      keySettings(certificate.keyAlgorithm),
      childOptions(this, opts),
    );
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        dnsNames: args.hostnames.filter((hostname) => !isIP(hostname)),
        ipAddresses: args.hostnames.filter((hostname) => isIP(hostname)),
        subject: certificateSubject(args.hostnames[0] ?? name, certificate),
      },
      { parent: this },
    );
    const leaf = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: args.caCertificatePem,
        caPrivateKeyPem: args.caPrivateKeyPem,
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
        validityPeriodHours: (certificate.validityDays ?? 365) * 24,
        earlyRenewalHours: (certificate.renewalDays ?? 60) * 24,
      },
      { parent: this },
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
