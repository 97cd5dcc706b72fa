import type { X509Certificate } from "node:crypto";
import { hostnameProblems, isIpAddress } from "../base/hostnames";
import { quoted } from "../base/values";
import { chainProblems, nameOf, timeProblems, trustProblems } from "./chainProblems";
import { readCertificates, readOptional } from "./pem";
import { keyProblems, readKey } from "./privateKeyProblems";
import { strengthProblems } from "./strengthProblems";

/** A certificate of the user's own with every value known, and the names it must cover. */
export interface OwnCertificateToCheck {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly chainPem?: string;
  readonly caCertificatePem?: string;
  readonly hostnames: readonly string[];
}

/** Extended key usage of TLS servers. RFC 5280, section 4.2.1.12. */
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

/** Problems of a certificate that is served instead of a generated one. The key is never shown. */
export function ownCertificateProblems(
  own: OwnCertificateToCheck,
  now: Date,
  argument = "ownCertificate",
  publicRoots?: readonly X509Certificate[],
): string[] {
  const certificateArgument = `${argument}.certificatePem`;
  const served = readCertificates(certificateArgument, own.certificatePem);
  const intermediates = readOptional(`${argument}.chainPem`, own.chainPem);
  const authorities = readOptional(`${argument}.caCertificatePem`, own.caCertificatePem);
  const key = readKey(`${argument}.privateKeyPem`, own.privateKeyPem);
  const problems = [...served.problems, ...intermediates.problems, ...authorities.problems, ...key.problems];

  const leaf = served.certificates[0];
  if (leaf !== undefined) {
    problems.push(
      ...keyProblems(argument, served.certificates, key.key),
      ...purposeProblems(certificateArgument, leaf),
      ...coverageProblems(certificateArgument, leaf, own.hostnames),
    );
  }
  problems.push(
    ...strengthProblems(certificateArgument, served.certificates),
    ...strengthProblems(`${argument}.chainPem`, intermediates.certificates),
    ...strengthProblems(`${argument}.caCertificatePem`, authorities.certificates),
    ...timeProblems(certificateArgument, served.certificates, now),
    ...timeProblems(`${argument}.chainPem`, intermediates.certificates, now),
    ...timeProblems(`${argument}.caCertificatePem`, authorities.certificates, now),
  );
  const isWhollyRead =
    served.problems.length + intermediates.problems.length + authorities.problems.length === 0;
  if (isWhollyRead) {
    const chain = [...served.certificates, ...intermediates.certificates];
    const chainArgument = own.chainPem === undefined ? certificateArgument : `${argument}.chainPem`;
    const broken = chainProblems(chainArgument, chain);
    const trusted = own.caCertificatePem === undefined ? undefined : authorities.certificates;
    problems.push(
      ...(broken.length > 0
        ? broken
        : trustProblems(`${argument}.caCertificatePem`, chain, trusted, publicRoots)),
    );
  }
  return problems;
}

function purposeProblems(argument: string, leaf: X509Certificate): string[] {
  // @types/node say string[]; a certificate without the extension gives undefined.
  const uses: readonly string[] | undefined = leaf.keyUsage;
  return uses === undefined || uses.length === 0 || uses.includes(SERVER_AUTHENTICATION)
    ? []
    : [
        `${argument}: ${nameOf(leaf.subject)} is not for servers; write one with the extended key usage serverAuth`,
      ];
}

function coverageProblems(argument: string, leaf: X509Certificate, hostnames: readonly string[]): string[] {
  // A malformed name has its own message from hostnameProblems, and checkHost throws at it.
  const wellFormed = hostnames.filter((name) => hostnameProblems("", [name]).length === 0);
  const covered = leaf.subjectAltName?.replaceAll("IP Address:", "IP:") ?? "nothing";
  return wellFormed
    .filter((name) => !covers(leaf, name))
    .map(
      (name) =>
        `${argument}: does not cover ${quoted(name)} but ${covered}; have it issued for that name too`,
    );
}

/** Whether a certificate is good for a name by its SANs; clients written in Go ignore the common name. */
function covers(leaf: X509Certificate, name: string): boolean {
  return isIpAddress(name)
    ? leaf.checkIP(name) !== undefined
    : leaf.checkHost(name, { subject: "never", partialWildcards: false }) !== undefined;
}
