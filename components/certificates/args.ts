import type * as pulumi from "@pulumi/pulumi";
/** Key algorithm and size of a generated certificate. */
export enum KeyAlgorithm {
  /** ECDSA on the curve P-256, which every client knows. */
  EcdsaP256 = "ecdsa-p256",
  /** ECDSA on the curve P-384. */
  EcdsaP384 = "ecdsa-p384",
  /** RSA of 2048 bits, for clients without ECDSA. */
  Rsa2048 = "rsa-2048",
  /** RSA of 3072 bits. */
  Rsa3072 = "rsa-3072",
  /** RSA of 4096 bits: a handshake takes several times the processor time. */
  Rsa4096 = "rsa-4096",
}

/** Where the certificate comes from that the registry shows to its clients. */
export enum CertificateSource {
  /** A generated authority signs it, or your own one, given as `ownAuthority`. */
  Generated = "generated",
  /** It is your own, given as `ownCertificate`. */
  Own = "own",
  /** An ACME server such as Let's Encrypt issues it, and it is renewed without any `up`. */
  Acme = "acme",
  /** There is none: something in front of the registry ends TLS. */
  None = "none",
}

/** Settings of the certificates we generate. */
export interface CertificateArgs {
  /** Life of a server or client certificate in days, 825 at most (macOS refuses longer ones). @default 365 */
  readonly validityDays?: number;
  /** An `up` within this many days before the end renews it. @default 60 */
  readonly renewalDays?: number;
  /** Life of the certificate authority in days. @default 3650 */
  readonly caValidityDays?: number;
  /** Key algorithm of authorities and certificates. @default "ecdsa-p256" */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** Organization in the subject of all of them. @default "Private Registry" */
  readonly organization?: string;
  /** Organizational unit in the subject. @default none */
  readonly organizationalUnit?: string;
  /** Two-letter country code in the subject. @default none */
  readonly country?: string;
  /** State or province in the subject. @default none */
  readonly province?: string;
  /** Town in the subject. @default none */
  readonly locality?: string;
}

/** A certificate of your own, served instead of a generated one. */
export interface OwnCertificateArgs {
  /** PEM of the server certificate, optionally followed by its intermediates. */
  readonly certificatePem: pulumi.Input<string>;
  /** PEM of the unencrypted private key that belongs to it. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** PEM of the intermediates, if they come in a file of their own. @default none */
  readonly chainPem?: pulumi.Input<string>;
  /**
   * PEM of the root that clients must trust. One that Node does not know as a public one must be here, or at the end of
   * the chain.
   * @default <the root at the end of the chain; none where it is a public one>
   */
  readonly caCertificatePem?: pulumi.Input<string>;
}

/** A certificate authority of your own, which signs the server certificate instead of a generated one. */
export interface OwnAuthorityArgs {
  /** PEM of the authority that signs; if it is an intermediate, followed by those above it. */
  readonly certificatePem: pulumi.Input<string>;
  /** PEM of the unencrypted private key that belongs to the first of them. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** PEM of the root that clients must trust. @default <the root in certificatePem> */
  readonly rootPem?: pulumi.Input<string>;
}

export interface CertificateAuthorityArgs {
  /** Validity, key and subject; `validityDays` and `renewalDays` do not concern the authority. @default {} */
  readonly certificate?: CertificateArgs;
  /** Common name of the authority. @default <name> certificate authority */
  readonly commonName?: string;
  /** The newest generation. Raise it to have one more authority, which clients then trust too. @default 1 */
  readonly generation?: number;
  /** The newest generation that is gone. 0 is none. @default 0 */
  readonly retiredGeneration?: number;
  /** Whether of several generations the newest signs, not the oldest. @default false */
  readonly newestSigns?: boolean;
}

export interface ServerCertificateArgs {
  /** Names and IP addresses the certificate is for; the first is its common name. */
  readonly hostnames: string[];
  /** PEM of the authority that signs it. */
  readonly caCertificatePem: pulumi.Input<string>;
  /** PEM of the authority's private key. */
  readonly caPrivateKeyPem: pulumi.Input<string>;
  /** Validity, renewal, key and subject. @default {} */
  readonly certificate?: CertificateArgs;
}

export interface ClientCertificatesArgs {
  /** Who gets a certificate; the name is its common name. */
  readonly users: string[];
  /** Common name of the authority. */
  readonly commonName: string;
  /** Validity, renewal, key and subject. @default {} */
  readonly certificate?: CertificateArgs;
  /** Newest generation of the authority. All that are not retired are let in, the newest signs. @default 1 */
  readonly generation?: number;
  /** The newest generation that is gone. 0 is none. @default 0 */
  readonly retiredGeneration?: number;
}
