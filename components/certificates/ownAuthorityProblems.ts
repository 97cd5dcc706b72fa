import type { X509Certificate } from "node:crypto";
import { chainProblems, nameOf, timeProblems, trustProblems } from "./chainProblems";
import { isIssuedBySelf } from "./issuers";
import { readCertificates, readOptional } from "./pem";
import { keyProblems, readKey } from "./privateKeyProblems";
import { strengthProblems } from "./strengthProblems";

/** An authority of the user's own with every value known. */
export interface OwnAuthorityToCheck {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly rootPem?: string;
}

/** Problems of an authority that signs instead of a generated one. The key is never shown. */
export function ownAuthorityProblems(
  own: OwnAuthorityToCheck,
  now: Date,
  argument = "ownAuthority",
): string[] {
  const [chainArgument, rootArgument] = [`${argument}.certificatePem`, `${argument}.rootPem`];
  const chain = readCertificates(chainArgument, own.certificatePem);
  const roots = readOptional(rootArgument, own.rootPem);
  const key = readKey(`${argument}.privateKeyPem`, own.privateKeyPem);
  const [signing] = chain.certificates;
  const isWhollyRead = chain.problems.length + roots.problems.length === 0;
  return [
    ...chain.problems,
    ...roots.problems,
    ...key.problems,
    ...(signing === undefined ? [] : keyProblems(argument, chain.certificates, key.key)),
    ...authorityProblems(chainArgument, chain.certificates.slice(0, 1)),
    ...strengthProblems(chainArgument, chain.certificates),
    ...strengthProblems(rootArgument, roots.certificates),
    ...timeProblems(chainArgument, chain.certificates, now),
    ...timeProblems(rootArgument, roots.certificates, now),
    ...(isWhollyRead
      ? rootProblems(
          chainArgument,
          chain.certificates,
          rootArgument,
          own.rootPem === undefined ? undefined : roots.certificates,
        )
      : []),
  ];
}

/** Problems of PEM text of authorities that clients should trust beside the registry's own. */
export function extraAuthoritiesProblems(
  pem: string,
  now: Date,
  argument = "extraCaCertificatesPem",
): string[] {
  const { certificates, problems } = readCertificates(argument, pem);
  return [
    ...problems,
    ...authorityProblems(argument, certificates),
    ...strengthProblems(argument, certificates),
    ...timeProblems(argument, certificates, now),
  ];
}

function authorityProblems(argument: string, certificates: readonly X509Certificate[]): string[] {
  return certificates
    .filter((certificate) => !certificate.ca)
    .map(
      (certificate) =>
        `${argument}: ${nameOf(certificate.subject)} is not a certificate authority; write one with CA:TRUE in its basic constraints`,
    );
}

function rootProblems(
  chainArgument: string,
  chain: readonly X509Certificate[],
  rootArgument: string,
  roots: readonly X509Certificate[] | undefined,
): string[] {
  const broken = chainProblems(chainArgument, chain);
  const last = chain.at(-1);
  if (broken.length > 0 || last === undefined) {
    return broken;
  }
  if (roots !== undefined) {
    return trustProblems(rootArgument, chain, roots);
  }
  return isIssuedBySelf(last)
    ? []
    : [
        `${rootArgument}: is absent, and ${nameOf(last.subject)} was issued by ${nameOf(last.issuer)}; write that root certificate`,
      ];
}
