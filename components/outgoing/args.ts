import type * as pulumi from "@pulumi/pulumi";

/** How to reach what is outside: an upstream registry, an object store, an ACME server. */
export interface OutgoingArgs {
  /**
   * Proxy to ask by, such as "http://proxy.example.com:3128", with user and password if it wants them.
   * @default none
   */
  readonly proxy?: pulumi.Input<string>;
  /** Names, domains such as ".example.com", addresses and networks to ask without that proxy. @default [] */
  readonly proxyExceptions?: string[];
  /**
   * PEM of authorities to trust beside the public ones: of a private upstream or object store, or of a proxy that looks
   * into TLS.
   * @default none
   */
  readonly caCertificatesPem?: pulumi.Input<string>;
}
