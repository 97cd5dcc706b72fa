import { wholeNumberProblems } from "../base/values";
import { patternProblems } from "../registry/patternProblems";
import type { DiskGuardArgs, QuotaArgs } from "./guardArgs";
import { resolvedDiskGuard } from "./guardDefaults";

/** What a disk of a petabyte has. */
const MOST_MIB = 1024 ** 3;

/** Problems of the guard of the disk. */
export function diskGuardProblems(args: DiskGuardArgs, argument = "diskGuard"): string[] {
  const percent = (name: "refuseAtPercent" | "resumeAtPercent" | "collectAtPercent") =>
    wholeNumberProblems(`${argument}.${name}`, args[name], 1, 100);
  const problems = [
    ...percent("refuseAtPercent"),
    ...percent("resumeAtPercent"),
    ...percent("collectAtPercent"),
    ...wholeNumberProblems(`${argument}.refuseBelowMib`, args.refuseBelowMib, 0, MOST_MIB),
  ];
  return problems.length > 0 ? problems : contradictions(args, argument);
}

/** Where pushes would begin again while they are still refused, or be refused before anything is collected. */
function contradictions(args: DiskGuardArgs, argument: string): string[] {
  const { refuseAtPercent, resumeAtPercent, collectAtPercent } = resolvedDiskGuard(args);
  return [
    ...(resumeAtPercent > refuseAtPercent
      ? [
          `${argument}.resumeAtPercent: ${resumeAtPercent} is more than refuseAtPercent, ${refuseAtPercent}; write less, or leave it out`,
        ]
      : []),
    ...(collectAtPercent > refuseAtPercent
      ? [
          `${argument}.collectAtPercent: ${collectAtPercent} is more than refuseAtPercent, ${refuseAtPercent}, so that nothing is collected in time; write less, or leave it out`,
        ]
      : []),
  ];
}

/** Problems of quotas. */
export function quotaProblems(quotas: readonly QuotaArgs[], argument = "quotas"): string[] {
  return quotas.flatMap(({ repositories, maxMib }, index) => [
    ...patternProblems(`${argument}[${index}].repositories`, repositories, "repository"),
    ...wholeNumberProblems(`${argument}[${index}].maxMib`, maxMib, 1, MOST_MIB),
  ]);
}
