import type { X509Certificate } from "node:crypto";
import { quoted } from "../base/values";
import { isIssuedBy, isIssuedBySelf, isPubliclyTrusted } from "./issuers";

/** Problems of a served chain: each certificate must be issued by the one after it. */
export function chainProblems(argument: string, chain: readonly X509Certificate[]): string[] {
  for (const [index, certificate] of chain.entries()) {
    const next = chain[index + 1];
    if (next !== undefined && !isIssuedBy(certificate, next)) {
      const inWrongPlace = chain.some((other) => other !== certificate && isIssuedBy(certificate, other));
      const advice = inWrongPlace
        ? "put the certificate of the private key first, and after each certificate the one that issued it"
        : `add the certificate of ${nameOf(certificate.issuer)} after it, or take out what does not belong`;
      return [
        `${argument}: ${nameOf(certificate.subject)} is followed by ${nameOf(next.subject)}, which did not issue it; ${advice}`,
      ];
    }
  }
  return [];
}

/**
 * Problems of the end of a chain: what clients are told to trust must have issued it, or be it. Where they are told
 * nothing, it must end with a root, or be trusted by them already.
 */
export function trustProblems(
  argument: string,
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[] | undefined,
  publicRoots?: readonly X509Certificate[],
): string[] {
  const last = chain.at(-1);
  if (last === undefined) {
    return [];
  }
  if (authorities === undefined) {
    return isIssuedBySelf(last) || isPubliclyTrusted(chain, publicRoots)
      ? []
      : [
          `${argument}: is absent, and ${nameOf(last.subject)} was issued by ${nameOf(last.issuer)}, which clients do not know; ` +
            "add that certificate to the chain if it is an intermediate, else write it here",
        ];
  }
  if (authorities.some((authority) => authority.fingerprint256 === last.fingerprint256)) {
    return [];
  }
  if (!authorities.some((authority) => authority.ca)) {
    return [
      `${argument}: holds no certificate authority but ${authorities.map((one) => nameOf(one.subject)).join(", ")}; write the root certificate`,
    ];
  }
  return authorities.some((authority) => isIssuedBy(last, authority))
    ? []
    : [
        `${argument}: holds no issuer of ${nameOf(last.subject)}, which was issued by ${nameOf(last.issuer)}; ` +
          "write that root certificate, or add the missing intermediates to the chain",
      ];
}

/** Problems of the time: each certificate must be valid now. */
export function timeProblems(
  argument: string,
  certificates: readonly X509Certificate[],
  now: Date,
): string[] {
  return certificates.flatMap((certificate) => {
    const name = nameOf(certificate.subject);
    const [start, end] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
    if (end < now) {
      return [`${argument}: ${name} expired on ${day(end)}; write a renewed one`];
    }
    return start > now
      ? [
          `${argument}: ${name} is not valid before ${day(start)}; write one that is, or set this machine's clock`,
        ]
      : [];
  });
}

/** A subject or issuer as a message shows it: its common name, or all of it where it has none. */
export function nameOf(distinguishedName: string | undefined): string {
  const text = distinguishedName ?? "";
  return quoted(/^CN=(.*)$/m.exec(text)?.[1] ?? text.split("\n").join(", "));
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
