import type * as pulumi from "@pulumi/pulumi";
import type { InstanceArgs } from "../../docker/args";
import type { OutgoingArgs } from "../../outgoing/args";

/** An account at an ACME server such as Let's Encrypt, and how it is shown that the names are yours: by HTTP-01. */
export interface AcmeServerArgs {
  /** Address of the account, to which the server may write. */
  readonly email: string;
  /**
   * Directory of the ACME server; giving it agrees to the server's terms. The default is Let's Encrypt's.
   * @default "https://acme-v02.api.letsencrypt.org/directory"
   */
  readonly directoryUrl?: string;
  /** Port for the server's challenge on `bindAddress`, which must be reachable as port 80. @default 80 */
  readonly challengePort?: number;
  /**
   * PEM of the root of the ACME server's own HTTPS, for a private one. Left out: a public authority.
   * @default none
   */
  readonly directoryCaPem?: string;
  /**
   * Key identifier of an external account binding, where the server wants one: ZeroSSL, Google, Sectigo. Read when the
   * account is registered, and then no more.
   * @default none
   */
  readonly eabKeyId?: string;
  /** The HMAC key of that binding, in base64 as the server's console shows it. @default none */
  readonly eabHmacKey?: pulumi.Input<string>;
  /**
   * Subnets of the Docker network from which the server is asked: one of IPv4, and maybe one of IPv6. Left out: Docker
   * chooses.
   * @default none
   */
  readonly networkSubnets?: string[];
  /** Days before the end when it is renewed, at most half of its life. @default 30 */
  readonly renewalDays?: number;
}

/** A certificate from an ACME server. */
export interface AcmeArgs extends AcmeServerArgs {
  /**
   * PEM of the root that clients must trust. Left out: a public authority that they trust already.
   * @default none
   */
  readonly rootCaPem?: string;
  /** Image of the ACME client, lego. @default "goacme/lego:v4.35.2" */
  readonly image?: string;
}

export interface AcmeCertificateArgs extends AcmeServerArgs, InstanceArgs {
  /** How to reach the server, where that is not by the shortest way. @default {} */
  readonly outgoing?: OutgoingArgs;
  /** Names the certificate is for; each must lead to this Docker host. */
  readonly hostnames: string[];
  /**
   * Address of the Docker host on which the challenge is answered. `0.0.0.0` is all its IPv4 addresses, `::`
   * all of both families.
   * @default "0.0.0.0"
   */
  readonly bindAddress?: string;
  /** Image reference. @default "goacme/lego:v4.35.2" */
  readonly image?: pulumi.Input<string>;
}
