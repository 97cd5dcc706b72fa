import { choiceProblems, given, quoted } from "../base/values";
import { imageProblems } from "../docker/problems";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import type { AcmeArgs } from "./acme/args";
import { resolvedAcme } from "./acme/defaults";
import { acmeNameProblems, acmeProblems, trustedPemProblems } from "./acme/problems";
import { CertificateSource } from "./args";

/** What the checks read of a registry's arguments. */
type Arguments = Pick<
  PrivateRegistryArgs,
  | "acme"
  | "caGeneration"
  | "caRetiredGeneration"
  | "certificate"
  | "certificateSource"
  | "keepGeneratedAuthority"
  | "ownAuthority"
  | "ownCertificate"
  | "requireClientCertificates"
>;

/** The same with every default. */
type Settings = Pick<ResolvedPrivateRegistry, "certificateSource" | "extraSans" | "hostnames" | "port">;

/** Problems of the source of the certificate: arguments of another one, or none of its own. */
export function certificateSourceProblems(args: Arguments, settings: Settings): string[] {
  const { certificateSource: source } = settings;
  const unknown = choiceProblems("certificateSource", source, Object.values(CertificateSource));
  if (unknown.length > 0) {
    return unknown;
  }
  const { acme, ownCertificate } = args;
  return [
    ...(source === CertificateSource.None
      ? ['certificateSource: "none" is plain HTTP; write "none" in front too, or another source']
      : []),
    ...strayProblems(args, source),
    ...(source === CertificateSource.Own && ownCertificate === undefined
      ? ['certificateSource: "own" needs a certificate; give ownCertificate too']
      : []),
    ...(source === CertificateSource.Acme && acme === undefined
      ? ['certificateSource: "acme" needs an account; write acme: { email: "admin@example.com" } too']
      : []),
    ...given(acme, (account) => [...acmeProblems(account), ...furtherAcmeProblems(account, settings.port)]),
    ...(source === CertificateSource.Acme ? acmeNameProblems(settings, acme?.directoryUrl) : []),
  ];
}

/** Problems of what concerns the registry and its clients, not the certificate. */
function furtherAcmeProblems(acme: AcmeArgs, port: number): string[] {
  const { challengePort, image, rootCaPem } = resolvedAcme(acme);
  return [
    ...(challengePort === port
      ? [`acme.challengePort: ${port} is the registry's own port; write another, or another in port`]
      : []),
    ...trustedPemProblems("acme.rootCaPem", rootCaPem),
    ...imageProblems("acme.image", image),
  ];
}

/** Settings of a source that is not the chosen one: they would be ignored in silence. */
function strayProblems(args: Arguments, source: CertificateSource): string[] {
  const belongsTo = {
    certificate: CertificateSource.Generated,
    caGeneration: CertificateSource.Generated,
    caRetiredGeneration: CertificateSource.Generated,
    ownAuthority: CertificateSource.Generated,
    ownCertificate: CertificateSource.Own,
    acme: CertificateSource.Acme,
  };
  const ofAuthority = ["certificate", "caGeneration", "caRetiredGeneration"] as const;
  // Beside another source they are for the authority that is kept, and for that of the clients.
  const isKept = args.keepGeneratedAuthority || args.requireClientCertificates;
  return [
    ...([...ofAuthority, "ownAuthority", "ownCertificate", "acme"] as const)
      .filter((argument) => args[argument] !== undefined && belongsTo[argument] !== source)
      .filter((argument) => !isKept || !ofAuthority.some((one) => one === argument))
      .map(
        (argument) =>
          `${argument}: is for a certificate of the source ${quoted(belongsTo[argument])}, and this one is ${quoted(source)}; ` +
          `leave it out, or write ${quoted(belongsTo[argument])} in certificateSource`,
      ),
    ...(["caGeneration", "caRetiredGeneration"] as const)
      .filter((argument) => args[argument] !== undefined && args.ownAuthority !== undefined && !isKept)
      .map(
        (argument) =>
          `${argument}: is for the generated authority, and ownAuthority signs; leave it out, or set keepGeneratedAuthority`,
      ),
  ];
}
