import {
  type CertificateArgs,
  type CertificateAuthorityArgs,
  CertificateSource,
  type ClientCertificatesArgs,
  KeyAlgorithm,
  type OwnCertificateArgs,
  type ServerCertificateArgs,
} from "./args";

/** The settings of generated certificates with every default. */
export function resolvedCertificateSettings(args: CertificateArgs = {}) {
  return {
    ...args,
    validityDays: args.validityDays ?? 365,
    renewalDays: args.renewalDays ?? 60,
    caValidityDays: args.caValidityDays ?? 3650,
    keyAlgorithm: args.keyAlgorithm ?? KeyAlgorithm.EcdsaP256,
    organization: args.organization ?? "Private Registry",
  };
}

export type ResolvedCertificateSettings = ReturnType<typeof resolvedCertificateSettings>;

/** The newest generation of an authority, and the newest one that is gone, where nothing is said. */
export const [defaultGeneration, defaultRetiredGeneration] = [1, 0];

/** The arguments of a CertificateAuthority with every default. */
export function resolvedCertificateAuthority(name: string, args: CertificateAuthorityArgs = {}) {
  return {
    ...args,
    certificate: resolvedCertificateSettings(args.certificate),
    commonName: args.commonName ?? `${name} certificate authority`,
    generation: args.generation ?? defaultGeneration,
    retiredGeneration: args.retiredGeneration ?? defaultRetiredGeneration,
    newestSigns: args.newestSigns ?? false,
  };
}

/** The arguments of a ServerCertificate with every default. */
export function resolvedServerCertificate(args: ServerCertificateArgs) {
  return { ...args, certificate: resolvedCertificateSettings(args.certificate) };
}

/** The arguments of ClientCertificates with every default. */
export function resolvedClientCertificates(args: ClientCertificatesArgs) {
  return {
    ...args,
    certificate: resolvedCertificateSettings(args.certificate),
    generation: args.generation ?? defaultGeneration,
    retiredGeneration: args.retiredGeneration ?? defaultRetiredGeneration,
  };
}

/** What decides where the certificate comes from. */
export interface CertificateSourceArgs {
  readonly certificateSource?: CertificateSource;
  readonly ownCertificate?: OwnCertificateArgs;
}

/** Where the certificate of these arguments comes from. */
export function certificateSourceOf({
  certificateSource,
  ownCertificate,
}: CertificateSourceArgs): CertificateSource {
  return certificateSource ?? (ownCertificate ? CertificateSource.Own : CertificateSource.Generated);
}
