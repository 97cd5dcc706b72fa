import type { Cgroups } from "../host/cgroups";

/** A registry to measure. */
export interface Target {
  /** Short name, as in the results: `seed`, `native`, `plain` or `ours`. */
  readonly name: string;
  readonly title: string;
  /** Address in the container's network: a published port would go through another process. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Whether `curl` asks for HTTP/2. Docker and Podman do not; some clients written in Go do. */
  readonly http2?: boolean;
  /** `name:password`, unless the registry asks nobody. */
  readonly user?: string;
  /** Every container that serves. */
  readonly servers: Cgroups;
  /** The one that speaks TLS, if it is another than the registry. */
  readonly front: Cgroups;
}

export function urlOf(target: Target): string {
  return `${target.tls ? "https" : "http"}://${target.host}:${target.port}`;
}

/** Headers of a user who may do everything. */
export function authorization(target: Target): { readonly [name: string]: string } {
  return target.user === undefined ? {} : { Authorization: basic(target.user) };
}

export function basic(user: string): string {
  return `Basic ${Buffer.from(user).toString("base64")}`;
}
