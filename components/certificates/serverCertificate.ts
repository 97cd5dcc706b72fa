import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../base/childOptions";
import { hostnameProblems } from "../base/hostnames";
import { refuse } from "../base/refuse";
import { withSecrets } from "../base/withSecrets";
import type { ServerCertificateArgs } from "./args";
import { resolvedServerCertificate } from "./defaults";
import { issuedCertificate } from "./issuedCertificate";
import { certificateSettingsProblems } from "./settingProblems";

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
    const { certificate } = resolvedServerCertificate(args);
    refuse(name, [
      ...hostnameProblems("hostnames", args.hostnames, { wildcards: true }),
      ...certificateSettingsProblems(certificate),
    ]);
    super("private-registry:index:ServerCertificate", name, withSecrets(args, "caPrivateKeyPem"), opts);

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
