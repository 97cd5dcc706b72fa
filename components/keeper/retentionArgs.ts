/**
 * Which tags go by themselves. A tag goes if it is older than `deleteAfterDays` or beyond the `maxTags` newest, and
 * stays if it is one of the `keepNewest` or named by `keepTags`. Rules add up: what one keeps no other takes. In
 * patterns, `*` is any run of characters without a slash and `**` any run at all.
 */
export interface RetentionRuleArgs {
  /** Patterns of repositories, such as "team/*", or "**" for all. */
  readonly repositories: string[];
  /** Patterns of the tags that the rule is about, and that it counts. @default ["*"] */
  readonly tags?: string[];
  /**
   * How many tags stay in each repository whatever their age, those pushed last.
   * @default <3, or maxTags if that is less>
   */
  readonly keepNewest?: number;
  /** How many tags may stay in each repository; those pushed first go. @default none */
  readonly maxTags?: number;
  /** A tag goes this many days after its push. @default none */
  readonly deleteAfterDays?: number;
  /**
   * Patterns of tags that always stay in these repositories, for other rules as well, and are not counted.
   * @default []
   */
  readonly keepTags?: string[];
}
