import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "./certificateAuthority";
import type { ClientCertificatesArgs } from "./certificates/args";
import { resolvedClientCertificates } from "./certificates/defaults";
import { childOptions } from "./childOptions";
import type { ClientCertificate } from "./consumer/client";
import { issuedCertificate } from "./issuedCertificate";
import { refuse } from "./refuse";
import { userProblems } from "./validation/users";

/**
 * A certificate for each user, and the authority by which the registry knows them.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class ClientCertificates extends pulumi.ComponentResource {
  /** PEM of every authority whose certificates are let in. */
  public readonly authorityPem: pulumi.Output<string>;
  /** User to certificate and key; secret. */
  public readonly certificates: pulumi.Output<{ [user: string]: ClientCertificate }>;

  constructor(name: string, args: ClientCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedClientCertificates(args);
    refuse(name, userProblems(args.users.map((user) => ({ name: user }))));
    super("private-registry:index:ClientCertificates", name, args, opts);

    const first = childOptions(this, opts);
    const { users, certificate, ...ofAuthority } = settings;
    const authority = new CertificateAuthority(
      `${name}-ca`,
      { ...ofAuthority, certificate, newestSigns: true },
      first,
    );
    const issued = users.map((user): [string, pulumi.Output<ClientCertificate>] => {
      const { key, leaf } = issuedCertificate(
        (role) => `${name}-${role}-${user}`,
        {
          commonName: user,
          allowedUses: ["digital_signature", "client_auth"],
          caCertificatePem: authority.certificatePem,
          caPrivateKeyPem: authority.privateKeyPem,
          certificate,
        },
        first,
      );
      return [user, pulumi.output({ certificatePem: leaf.certPem, privateKeyPem: key.privateKeyPem })];
    });

    this.authorityPem = authority.bundlePem;
    this.certificates = pulumi.secret(pulumi.output(Object.fromEntries(issued)));
    this.registerOutputs({ authorityPem: this.authorityPem, certificates: this.certificates });
  }
}
