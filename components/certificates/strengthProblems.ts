import type { KeyObject, X509Certificate } from "node:crypto";
import { nameOf } from "./chainProblems";
import { isIssuedBySelf } from "./issuers";

/** Least bits of an RSA key at OpenSSL's security level 2, which Debian and its images have set. */
const LEAST_RSA_BITS = 2048;

/** Curves that both OpenSSL and Go have for TLS. */
const CURVES: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];

/** Signatures by MD5 and SHA-1, which Go refuses: object identifiers as DER has them. RFC 8017, C; RFC 5758, 3. */
const BROKEN_SIGNATURES: readonly string[] = ["2a864886f70d010104", "2a864886f70d010105", "2a8648ce3d0401"];

/**
 * Problems of certificates with a key or signature that nginx, the registry or clients refuse, most of which are written
 * in Go. Nobody looks at the signature of a root.
 */
export function strengthProblems(argument: string, certificates: readonly X509Certificate[]): string[] {
  return certificates.flatMap((certificate) => {
    const weakness =
      keyWeakness(certificate.publicKey) ??
      (!isIssuedBySelf(certificate) && BROKEN_SIGNATURES.includes(signatureAlgorithm(certificate.raw))
        ? "is signed with MD5 or SHA-1"
        : undefined);
    return weakness === undefined
      ? []
      : [
          `${argument}: ${nameOf(certificate.subject)} ${weakness}, which clients or servers refuse; ` +
            `have it issued with SHA-256 for a key of RSA with ${LEAST_RSA_BITS} bits or more, or of ECDSA on P-256`,
        ];
  });
}

/** What is wrong with a public key, as what its certificate has. */
function keyWeakness({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  switch (asymmetricKeyType) {
    case "ed25519":
      return undefined;
    case "rsa": {
      const bits = asymmetricKeyDetails?.modulusLength ?? 0;
      return bits < LEAST_RSA_BITS ? `has an RSA key of ${bits} bits` : undefined;
    }
    case "ec": {
      const curve = asymmetricKeyDetails?.namedCurve ?? "unknown";
      return CURVES.includes(curve) ? undefined : `has a key on the curve ${curve}`;
    }
    default:
      return `has a key of the kind ${asymmetricKeyType ?? "unknown"}`;
  }
}

/** The algorithm of a certificate's signature: what follows the signed part. RFC 5280, section 4.1. */
function signatureAlgorithm(der: Buffer): string {
  const signed = contents(der, 0).start;
  const algorithm = contents(der, contents(der, signed).end).start;
  const { start, end } = contents(der, algorithm);
  return der.toString("hex", start, end);
}

/** Where the contents of an element of DER begin and end. */
function contents(der: Buffer, at: number): { start: number; end: number } {
  const length = der[at + 1] ?? 0;
  if (length < 0x80) return { start: at + 2, end: at + 2 + length };
  const bytes = length & 0x7f;
  const start = at + 2 + bytes;
  return { start, end: start + der.readUIntBE(at + 2, bytes) };
}
