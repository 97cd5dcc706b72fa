import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { nameOf } from "./chainProblems";
import { noPemReason, plainPem } from "./pem";

/** Reads an unencrypted private key. It is never shown. */
export function readKey(argument: string, pem: string): { key?: KeyObject; problems: string[] } {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    return {
      problems: [
        `${argument}: is encrypted, and nothing can ask you for its password; decrypt it with openssl pkey -in <file>`,
      ],
    };
  }
  try {
    return { key: createPrivateKey(plainPem(pem)), problems: [] };
  } catch {
    const what = pem.includes("-----BEGIN CERTIFICATE-----")
      ? "holds a certificate and no key"
      : (noPemReason(pem) ?? "is not a private key in PEM form");
    return {
      problems: [
        `${argument}: ${what}; write the text from "-----BEGIN ... PRIVATE KEY-----" to its END line`,
      ],
    };
  }
}

/** Problems of a key that must belong to the first of some certificates. */
export function keyProblems(
  argument: string,
  certificates: readonly X509Certificate[],
  key: KeyObject | undefined,
): string[] {
  if (key === undefined || certificates[0]?.checkPrivateKey(key)) {
    return [];
  }
  const owner = certificates.find((certificate) => certificate.checkPrivateKey(key));
  return owner === undefined
    ? [
        `${argument}.privateKeyPem: does not belong to the certificate of ${nameOf(certificates[0]?.subject)}; write the key it was requested with`,
      ]
    : [
        `${argument}.certificatePem: begins with ${nameOf(certificates[0]?.subject)}, and the key belongs to ${nameOf(owner.subject)}; put that one first`,
      ];
}
