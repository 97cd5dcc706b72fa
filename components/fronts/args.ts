import type * as pulumi from "@pulumi/pulumi";

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
  /** Nothing, and plain HTTP: anybody on the way can read passwords and images. */
  None = "none",
}

/** Somebody else's web application firewall or load balancer, which clients reach instead of us. */
export interface ExternalFrontArgs {
  /** Its networks or addresses, such as "192.0.2.7": requests of all others are refused, and what it says of clients is believed. */
  readonly trustedAddresses: string[];
  /**
   * Docker network of a load balancer that runs in a container on the same Docker host: the proxy joins it, and is reached
   * there by the name of its container. `trustedAddresses` is the subnet of that network.
   * @default none
   */
  readonly dockerNetwork?: string;
  /** Port on which clients reach it. 443 is left out of every address. @default 443 */
  readonly publicPort?: number;
  /** Whether it speaks TLS with us too. If not, it is plain HTTP between the two. @default true */
  readonly encrypted?: boolean;
  /**
   * PEM of the authority that signed its certificate. Left out: a public authority that clients trust
   * already.
   * @default none
   */
  readonly caCertificatePem?: pulumi.Input<string>;
}
