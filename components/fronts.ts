import { Front } from "./enums";

/** Whether nginx stands in front of the registry; else the registry publishes the port itself. */
export function hasProxy(front: Front = Front.Nginx): boolean {
  return front !== Front.Direct && front !== Front.None;
}

/** Whether clients reach the registry by TLS. */
export function hasTls(front: Front = Front.Nginx): boolean {
  return front !== Front.None;
}
