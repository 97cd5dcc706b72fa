import { quoted } from "../base/values";
import { repositoryName, tag } from "../registry/grammar";

/** Longest name of a repository in characters (distribution/reference, `RepositoryNameTotalLengthMax`). */
const LONGEST_REPOSITORY = 255;
const LONGEST_TAG = 128;

const REPOSITORY = new RegExp(`^${repositoryName}$`);
const TAG = new RegExp(`^${tag}$`);

/** What a pattern can be about. */
export type PatternKind = keyof typeof kinds;

/** Problems of a list of patterns: none at all, and those that no legal name matches. */
export function patternProblems(argument: string, patterns: readonly string[], of: PatternKind): string[] {
  const { canMean, rule } = kinds[of];
  if (patterns.length === 0) {
    return [`${argument}: is empty, so that the rule is about nothing; ${rule}`];
  }
  return patterns.flatMap((pattern, index) =>
    canMean(pattern)
      ? []
      : [`${argument}[${index}]: ${quoted(pattern)} means no ${of} that there can be; ${rule}`],
  );
}

const kinds = {
  repository: {
    // Wherever a run of characters makes a legal name, a letter does.
    canMean: (pattern: string) =>
      REPOSITORY.test(pattern.replace(/\*+/g, "a")) && withoutStars(pattern).length <= LONGEST_REPOSITORY,
    rule: 'write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any',
  },
  tag: {
    canMean: (pattern: string) =>
      TAG.test(pattern.replace(/\*+/g, "a").slice(0, LONGEST_TAG)) &&
      withoutStars(pattern).length <= LONGEST_TAG,
    rule: 'write one such as "v*" or "latest": letters, digits and . _ - with * for any',
  },
} as const;

function withoutStars(pattern: string): string {
  return pattern.replaceAll("*", "");
}
