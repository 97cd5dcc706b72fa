import { Front } from "./enums";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";

type FrontArgs = Pick<PrivateRegistryArgs, "external" | "front" | "port">;

/** Whether nginx stands in front of the registry; else the registry publishes the port itself. */
export function hasProxy(front: Front = Front.Nginx): boolean {
  return front !== Front.Direct && front !== Front.None;
}

/** Whether clients reach the registry by TLS. */
export function hasTls(front: Front = Front.Nginx): boolean {
  return front !== Front.None;
}

/** Whether we serve a certificate: a load balancer that clients reach by TLS may speak plain HTTP with us. */
export function servesCertificate({ front, external }: FrontArgs): boolean {
  return hasTls(front) && !(front === Front.External && external?.encrypted === false);
}

/** The port that clients use: a load balancer has one of its own. */
export function clientPort({ front, external, port = 443 }: FrontArgs): number {
  return front === Front.External ? (external?.publicPort ?? 443) : port;
}
