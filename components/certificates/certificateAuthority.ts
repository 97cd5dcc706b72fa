import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { childOptions } from "../base/childOptions";
import { refuse } from "../base/refuse";
import type { CertificateAuthorityArgs } from "./args";
import { certificateSubject } from "./certificateSubject";
import { type ResolvedCertificateSettings, resolvedCertificateAuthority } from "./defaults";
import { keySettings } from "./keySettings";
import { joinPem } from "./pemText";
import { certificateSettingsProblems, generationProblems } from "./settingProblems";

/**
 * A certificate authority of its own: key and self-signed root, or several of them while one takes over from
 * another.
 *
 * It outlives every change of its arguments: only the generations replace it, because clients trust it.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** PEM of the root that signs. */
  public readonly certificatePem: pulumi.Output<string>;
  /** PEM of its private key; secret. */
  public readonly privateKeyPem: pulumi.Output<string>;
  /** PEM of every root, oldest first: what clients must trust. */
  public readonly bundlePem: pulumi.Output<string>;
  /** End of validity of the root that signs, RFC 3339. */
  public readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedCertificateAuthority(name, args);
    const { certificate, commonName, generation: newest, retiredGeneration: retired } = settings;
    refuse(name, [
      ...certificateSettingsProblems(certificate),
      ...generationProblems("generation", newest, "retiredGeneration", retired),
    ]);
    super("private-registry:index:CertificateAuthority", name, args, opts);

    const first = childOptions(this, opts);
    const one = (generation: number) => generationOf(name, generation, commonName, certificate, first);
    const oldest = one(retired + 1);
    const others = Array.from({ length: newest - retired - 1 }, (_, index) => one(retired + 2 + index));
    const signing = settings.newestSigns ? (others.at(-1) ?? oldest) : oldest;

    this.certificatePem = signing.root.certPem;
    this.privateKeyPem = pulumi.secret(signing.key.privateKeyPem);
    this.bundlePem = pulumi.all([oldest, ...others].map(({ root }) => root.certPem)).apply(joinPem);
    this.expiresAt = signing.root.validityEndTime;
    this.registerOutputs({
      certificatePem: this.certificatePem,
      privateKeyPem: this.privateKeyPem,
      bundlePem: this.bundlePem,
      expiresAt: this.expiresAt,
    });
  }
}

/** Key and root of one generation. Each has a name of its own, by which people and programs tell them apart. */
function generationOf(
  name: string,
  generation: number,
  commonName: string,
  certificate: ResolvedCertificateSettings,
  first: pulumi.CustomResourceOptions,
) {
  const suffix = generation === 1 ? "" : `-${generation}`;
  const number = generation === 1 ? "" : ` ${generation}`;
  const key = new tls.PrivateKey(`${name}-key${suffix}`, keySettings(certificate.keyAlgorithm), {
    ...first,
    ignoreChanges: ["algorithm", "ecdsaCurve", "rsaBits"],
  });
  const root = new tls.SelfSignedCert(
    `${name}-certificate${suffix}`,
    {
      privateKeyPem: key.privateKeyPem,
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      validityPeriodHours: certificate.caValidityDays * 24,
      subject: certificateSubject(commonName, certificate, number),
    },
    { parent: first.parent, ignoreChanges: ["subject", "validityPeriodHours"] },
  );
  return { key, root };
}
