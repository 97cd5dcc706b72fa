import { quoted } from "../base/values";
import { repositoryName, tag } from "../registry/grammar";

/** Longest name of a repository in characters (distribution/reference, `RepositoryNameTotalLengthMax`). */
const LONGEST_REPOSITORY = 255;

const REPOSITORY = new RegExp(`^${repositoryName}$`);
const TAG = new RegExp(`^${tag}$`);

/** Problems of a list of patterns that must not be empty. */
export function patternProblems(
  argument: string,
  patterns: readonly string[],
  of: "repository" | "tag",
  example: string,
): string[] {
  return patterns.length === 0
    ? [`${argument}: is empty, so that the rule is about nothing; write patterns such as ${example}`]
    : illegalPatterns(argument, patterns, of);
}

/** Problems of patterns that mean nothing there can be. */
export function illegalPatterns(
  argument: string,
  patterns: readonly string[],
  of: "repository" | "tag",
): string[] {
  const { canMean, rule } = kinds[of];
  return patterns.flatMap((pattern, index) =>
    canMean(pattern)
      ? []
      : [`${argument}[${index}]: ${quoted(pattern)} means no ${of} that there can be; ${rule}`],
  );
}

const kinds = {
  repository: {
    canMean: (pattern: string) =>
      // Wherever a run of characters makes a legal name, a letter does.
      REPOSITORY.test(pattern.replace(/\*+/g, "a")) &&
      pattern.replaceAll("*", "").length <= LONGEST_REPOSITORY,
    rule: 'write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any',
  },
  tag: {
    canMean: (pattern: string) =>
      ["", "a"].some((start) => TAG.test(pattern.replace(/^\*+/, start).replaceAll("*", ""))),
    rule: 'write one such as "v*" or "latest": letters, digits and . _ - with * for any',
  },
} as const;
