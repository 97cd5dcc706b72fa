import { isPubliclyTrusted } from "./issuers";
import { plainPem, readOne, splitPem } from "./pem";

/** PEM texts one after the other, each once; empty ones are left out. */
export function joinPem(texts: readonly string[]): string {
  const trimmed = texts.map((text) => text.trim()).filter((text) => text !== "");
  return [...new Set(trimmed)].map((text) => `${text}\n`).join("");
}

/** The chain to serve: the first certificate, and those after it but for roots, which clients have themselves. */
export function servedChain(pem: string): string {
  const [leaf = "", ...issuers] = splitPem(pem);
  return joinPem([leaf, ...issuers.filter((issuer) => !isRoot(issuer))]);
}

/** The intermediates of PEM text. */
export function intermediatesOf(pem: string): string {
  return joinPem(splitPem(pem).filter((certificate) => !isRoot(certificate)));
}

/** The roots of PEM text. */
export function rootsOf(pem: string): string {
  return joinPem(splitPem(pem).filter(isRoot));
}

/** The roots of PEM text that clients do not trust by themselves. */
export function privateRootsOf(pem: string): string {
  return joinPem(
    splitPem(pem).filter((root) => {
      const certificate = readOne(root);
      return certificate !== undefined && isRoot(root) && !isPubliclyTrusted([certificate]);
    }),
  );
}

/** The first private key of PEM text: openssl may put the parameters of its curve before it. */
export function privateKeyOf(pem: string): string {
  return (
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/.exec(plainPem(pem))?.[0] ??
    pem
  );
}

function isRoot(pem: string): boolean {
  const certificate = readOne(pem);
  return certificate !== undefined && certificate.subject === certificate.issuer;
}
