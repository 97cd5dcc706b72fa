import type { OutgoingArgs } from "./args";

/** How to reach what is outside with every default. */
export function resolvedOutgoing(args: OutgoingArgs = {}) {
  return { ...args, proxyExceptions: args.proxyExceptions ?? [] };
}

export type ResolvedOutgoing = ReturnType<typeof resolvedOutgoing>;
