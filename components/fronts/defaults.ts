import { httpsPort } from "../base/hostnames";
import type { ExternalFrontArgs } from "./args";

/** The load balancer in front with every default. */
export function resolvedExternal(args: ExternalFrontArgs) {
  return { ...args, publicPort: args.publicPort ?? httpsPort, encrypted: args.encrypted ?? true };
}
