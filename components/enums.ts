/** What stands between the clients and the registry. */
export enum Front {
  /** nginx: TLS, login, pulls from the disk. */
  Nginx = "nginx",
  /** The same, and every request is inspected by ModSecurity with the OWASP Core Rule Set. */
  Waf = "waf",
  /** Nothing: the registry itself does TLS and logins. */
  Direct = "direct",
  /** nginx behind somebody else's web application firewall or load balancer, which clients reach. */
  External = "external",
  /** Nothing, and plain HTTP: passwords and images can be read on the way. */
  None = "none",
}

/** The configuration dialect of the CNCF registry. */
export enum RegistryDialect {
  /** Distribution 2.x, for example `registry:2.8.3`. */
  V2 = "v2",
  /** Distribution 3.x, for example `registry:3.1.2`. */
  V3 = "v3",
}

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

/** Where the registry keeps blob descriptors it has already looked up. */
export enum DescriptorCache {
  /**
   * In the memory of the registry process, which goes on knowing layers that a garbage collection has deleted:
   * restart the registry after one.
   */
  InMemory = "inmemory",
  /** Nowhere: every request asks the storage. */
  None = "none",
}

/** How much the registry logs. */
export enum LogLevel {
  /** Errors alone. */
  Error = "error",
  /** Warnings too. */
  Warn = "warn",
  /** A line for each request too. */
  Info = "info",
  /** All there is, to look for a fault. */
  Debug = "debug",
}

/** The shape of a log line of the registry. */
export enum LogFormat {
  /** `key=value`, for people. */
  Text = "text",
  /** One JSON object, for programs. */
  Json = "json",
}
