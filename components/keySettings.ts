import { KeyAlgorithm } from "./certificates/args";
import type { ResolvedCertificateSettings } from "./certificates/defaults";

/** Arguments of a tls.PrivateKey. The provider's own curve, P224, is one that clients refuse. */
export function keySettings(algorithm: KeyAlgorithm): {
  algorithm: string;
  ecdsaCurve?: string;
  rsaBits?: number;
} {
  switch (algorithm) {
    case KeyAlgorithm.EcdsaP256:
      return { algorithm: "ECDSA", ecdsaCurve: "P256" };
    case KeyAlgorithm.EcdsaP384:
      return { algorithm: "ECDSA", ecdsaCurve: "P384" };
    case KeyAlgorithm.Rsa2048:
      return { algorithm: "RSA", rsaBits: 2048 };
    case KeyAlgorithm.Rsa3072:
      return { algorithm: "RSA", rsaBits: 3072 };
    case KeyAlgorithm.Rsa4096:
      return { algorithm: "RSA", rsaBits: 4096 };
  }
}

/**
 * Subject of a certificate. A common name holds 64 characters (RFC 5280), the ending always among them; clients
 * read the alternative names.
 */
export function certificateSubject(
  commonName: string,
  certificate: ResolvedCertificateSettings,
  ending = "",
) {
  return {
    commonName: commonName.slice(0, 64 - ending.length) + ending,
    organization: certificate.organization,
    organizationalUnit: certificate.organizationalUnit,
    country: certificate.country,
    province: certificate.province,
    locality: certificate.locality,
  };
}
