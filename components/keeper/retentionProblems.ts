import { wholeNumberProblems } from "../base/values";
import { illegalPatterns, patternProblems } from "../registry/patternProblems";
import { anyGlob, covers } from "./program/glob";
import type { RetentionRuleArgs } from "./retentionArgs";
import { type ResolvedRetentionRule, resolvedRetentionRule } from "./retentionDefaults";

/** Problems of the rules of retention: of each, and of all together. */
export function retentionProblems(rules: readonly RetentionRuleArgs[], argument = "retention"): string[] {
  const problems = rules.flatMap((rule, index) => ruleProblems(`${argument}[${index}]`, rule));
  if (problems.length > 0) {
    return problems;
  }
  return leaveNothing(rules.map(resolvedRetentionRule))
    ? [
        `${argument}: together these rules would empty a registry to which nobody pushes for a while, as keepNewest ` +
          "is 0 in all of them; leave keepNewest out, or write narrower repositories or tags",
      ]
    : [];
}

/** Problems of rules that nobody would follow. */
export function retentionWithoutKeeperProblems(
  rules: readonly RetentionRuleArgs[],
  isKeeperOn: boolean,
): string[] {
  return isKeeperOn || rules.length === 0
    ? []
    : [
        "retention: needs the keeper, and keeper.enabled is false; remove one of the two, because without the keeper no tag ever goes",
      ];
}

function ruleProblems(argument: string, args: RetentionRuleArgs): string[] {
  const rule = resolvedRetentionRule(args);
  const at = (name: keyof RetentionRuleArgs) => `${argument}.${name}`;
  const problems = [
    ...patternProblems(at("repositories"), rule.repositories, "repository"),
    ...patternProblems(at("tags"), rule.tags, "tag", ", or leave it out for all"),
    ...illegalPatterns(at("keepTags"), rule.keepTags, "tag"),
    ...wholeNumberProblems(at("keepNewest"), args.keepNewest, 0),
    ...wholeNumberProblems(at("maxTags"), args.maxTags, 1),
    ...wholeNumberProblems(at("deleteAfterDays"), args.deleteAfterDays, 1),
  ];
  return problems.length > 0 ? problems : contradictions(argument, args, rule);
}

/** A rule of legal parts that can do nothing, or that has a part which does nothing. */
function contradictions(argument: string, args: RetentionRuleArgs, rule: ResolvedRetentionRule): string[] {
  const { keepNewest, maxTags, deleteAfterDays, tags, keepTags } = rule;
  if (maxTags === undefined && deleteAfterDays === undefined) {
    return [`${argument}: can never delete anything; give it maxTags or deleteAfterDays, or remove the rule`];
  }
  if (tags.every((pattern) => covers(keepTags, pattern.replace(/\*+/g, "*")))) {
    return [
      `${argument}.keepTags: keeps every tag that the rule matches, so it can never delete anything; write narrower patterns`,
    ];
  }
  if (maxTags !== undefined && keepNewest > maxTags) {
    return [
      `${argument}.keepNewest: ${keepNewest} is more than maxTags, ${maxTags}; write less, or more in maxTags`,
    ];
  }
  if (deleteAfterDays !== undefined && keepNewest === maxTags) {
    const said = args.keepNewest === undefined ? `is ${keepNewest} where it is left out` : `${keepNewest}`;
    return [
      `${argument}.keepNewest: ${said}, and maxTags as well, so that deleteAfterDays decides nothing; ` +
        `write less in keepNewest${keepNewest === 1 ? " (0 lets the last tag go)" : ""}, or leave deleteAfterDays out`,
    ];
  }
  return [];
}

/**
 * Whether no tag, whatever it is called and wherever it is, is safe from these rules for ever. What `maxTags` alone
 * says always leaves something.
 */
function leaveNothing(rules: readonly ResolvedRetentionRule[]): boolean {
  if (rules.length === 0 || rules.some((rule) => rule.keepNewest > 0 || rule.keepTags.length > 0)) {
    return false;
  }
  const byAge = rules.filter(({ deleteAfterDays }) => deleteAfterDays !== undefined);
  // Stars here stand for names that only stars mean; see `covers`.
  return ["*", "*/*", "*/*/*"].every((name) => {
    const about = byAge.filter(({ repositories }) => anyGlob(repositories)(name));
    return covers(
      about.flatMap(({ tags }) => tags),
      "*",
    );
  });
}
