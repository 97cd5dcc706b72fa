import { quoted } from "../base/values";
import { repositoryName, tag } from "./grammar";

/** Longest name of a repository in characters (distribution/reference, `RepositoryNameTotalLengthMax`). */
const LONGEST_REPOSITORY = 255;

const REPOSITORY = new RegExp(`^${repositoryName}$`);
const TAG = new RegExp(`^${tag}$`);

/** What a pattern can be about. */
export type PatternKind = keyof typeof kinds;

/**
 * Problems of a list of patterns, in which `*` and `**` stand for any run of characters: none at all, and those that no
 * legal name matches.
 *
 * @param otherwise What else may be done about an empty list, such as ", or leave it out for all".
 */
export function patternProblems(
  argument: string,
  patterns: readonly string[],
  of: PatternKind,
  otherwise = "",
): string[] {
  return patterns.length === 0
    ? [`${argument}: is empty, so the rule matches nothing; ${kinds[of].rule}${otherwise}`]
    : illegalPatterns(argument, patterns, of);
}

/** The same of a list that may be empty. */
export function illegalPatterns(argument: string, patterns: readonly string[], of: PatternKind): string[] {
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
