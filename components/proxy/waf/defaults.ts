import type { WafArgs } from "./args";

/** The settings of the web application firewall with every default. */
export function resolvedWaf(args: WafArgs = {}) {
  return {
    ...args,
    paranoiaLevel: args.paranoiaLevel ?? 1,
    anomalyThreshold: args.anomalyThreshold ?? 5,
    detectionOnly: args.detectionOnly ?? false,
    excludedRules: args.excludedRules ?? [],
    bodyLimit: args.bodyLimit ?? 4 * 1024 * 1024,
  };
}

export type ResolvedWaf = ReturnType<typeof resolvedWaf>;
