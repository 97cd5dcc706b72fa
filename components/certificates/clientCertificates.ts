import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../base/childOptions";
import { refuse } from "../base/refuse";
import type { ClientCertificate } from "../clients/kinds/client";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { userProblems } from "../users/problems";
import type { ClientCertificatesArgs } from "./args";
import { CertificateAuthority } from "./certificateAuthority";
import { resolvedClientCertificates } from "./defaults";
import { issuedCertificate } from "./issuedCertificate";

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

/** Those of a registry's users, where it asks for them. */
export function clientCertificatesFor(
  name: string,
  settings: ResolvedPrivateRegistry,
  opts: pulumi.ComponentResourceOptions,
): ClientCertificates | undefined {
  if (!settings.requireClientCertificates) return undefined;
  const certificates = {
    users: settings.users.map((user) => user.name),
    commonName: `${settings.hostnames[0]} client authority`,
    certificate: settings.certificate,
    generation: settings.caGeneration,
    retiredGeneration: settings.caRetiredGeneration,
  };
  return new ClientCertificates(`${name}-clients`, certificates, opts);
}
