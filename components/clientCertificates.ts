import * as pulumi from "@pulumi/pulumi";
import type { CertificateArgs } from "./args";
import { CertificateAuthority } from "./certificateAuthority";
import { childOptions } from "./childOptions";
import type { ClientCertificate } from "./consumer/client";
import { issuedCertificate } from "./issuedCertificate";
import { refuse } from "./refuse";
import { userProblems } from "./validation/users";

export interface ClientCertificatesArgs {
  /** Who gets a certificate; the name is its common name. */
  readonly users: string[];
  /** Common name of the authority. */
  readonly commonName: string;
  /** Validity, renewal, key and subject. @default {} */
  readonly certificate?: CertificateArgs;
  /** Newest generation of the authority. All that are not retired are let in, the newest signs. @default 1 */
  readonly generation?: number;
  /** The newest generation that is gone. 0 is none. @default 0 */
  readonly retiredGeneration?: number;
}

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
    refuse(name, userProblems(args.users.map((user) => ({ name: user }))));
    super("private-registry:index:ClientCertificates", name, args, opts);

    const first = childOptions(this, opts);
    const { users, certificate = {}, ...generations } = args;
    const authority = new CertificateAuthority(
      `${name}-ca`,
      { ...generations, certificate, newestSigns: true },
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
