import type { RetentionRuleArgs } from "./retentionArgs";

/** How many of the newest tags stay where nothing is said. */
const keptNewest = 3;

/** A rule of retention with every default. */
export function resolvedRetentionRule(args: RetentionRuleArgs) {
  return {
    ...args,
    tags: args.tags ?? ["*"],
    keepNewest: args.keepNewest ?? Math.min(keptNewest, args.maxTags ?? keptNewest),
    keepTags: args.keepTags ?? [],
  };
}

export type ResolvedRetentionRule = ReturnType<typeof resolvedRetentionRule>;
