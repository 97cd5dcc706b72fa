import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { CertificateArgs } from "./args";
import { childOptions } from "./childOptions";
import { certificateSubject, keySettings } from "./keySettings";
import { refuse } from "./refuse";
import { certificateSettingsProblems } from "./validation/certificates";
import { wholeNumberProblems } from "./validation/values";

export interface CertificateAuthorityArgs {
  /** Validity, key and subject; `validityDays` and `renewalDays` do not concern the authority. */
  readonly certificate?: CertificateArgs;
  /** Common name of the authority. Defaults to `<component name> certificate authority`. */
  readonly commonName?: string;
  /** Raise it to replace the authority, which every client must then be told. Defaults to 1. */
  readonly generation?: number;
}

/**
 * A certificate authority of its own: key and self-signed root.
 *
 * It outlives every change of its arguments: only a raised `generation` replaces it, because clients trust it.
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** PEM of the root certificate, for clients. */
  public readonly certificatePem: pulumi.Output<string>;
  /** PEM of the private key; secret. */
  public readonly privateKeyPem: pulumi.Output<string>;
  /** End of validity, RFC 3339. */
  public readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const certificate = args.certificate ?? {};
    refuse(name, [
      ...certificateSettingsProblems(certificate),
      ...wholeNumberProblems("generation", args.generation, 1),
    ]);
    super("private-registry:index:CertificateAuthority", name, args, opts);

    const generation = args.generation ?? 1;
    const suffix = generation === 1 ? "" : `-${generation}`;
    const key = new tls.PrivateKey(`${name}-key${suffix}`, keySettings(certificate.keyAlgorithm), {
      ...childOptions(this, opts),
      ignoreChanges: ["algorithm", "ecdsaCurve", "rsaBits"],
    });
    const root = new tls.SelfSignedCert(
      `${name}-certificate${suffix}`,
      {
        privateKeyPem: key.privateKeyPem,
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
        validityPeriodHours: (certificate.caValidityDays ?? 3650) * 24,
        subject: certificateSubject(args.commonName ?? `${name} certificate authority`, certificate),
      },
      { parent: this, ignoreChanges: ["subject", "validityPeriodHours"] },
    );

    this.certificatePem = root.certPem;
    this.privateKeyPem = pulumi.secret(key.privateKeyPem);
    this.expiresAt = root.validityEndTime;
    this.registerOutputs({
      certificatePem: this.certificatePem,
      privateKeyPem: this.privateKeyPem,
      expiresAt: this.expiresAt,
    });
  }
}
