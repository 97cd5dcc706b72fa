import type { DiskGuardArgs } from "./guardArgs";

/** A guard of the disk with every default. @param canWork - whether there are a keeper that looks and a proxy that refuses */
export function resolvedDiskGuard(args: DiskGuardArgs = {}, canWork = true) {
  const refuseAtPercent = args.refuseAtPercent ?? 90;
  return {
    enabled: canWork && (args.enabled ?? true),
    refuseAtPercent,
    refuseBelowMib: args.refuseBelowMib ?? 2048,
    resumeAtPercent: args.resumeAtPercent ?? Math.max(refuseAtPercent - 5, 1),
    collectAtPercent: args.collectAtPercent ?? Math.max(refuseAtPercent - 10, 1),
  };
}
