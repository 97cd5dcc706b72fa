import { KeyAlgorithm } from "./args";

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
