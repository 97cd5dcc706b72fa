/** What may be done with a repository. */
export enum AccessAction {
  /** Read its images, tags and referrers. */
  Pull = "pull",
  /** Write images and tags; `pull` is in it, as clients look before they push. */
  Push = "push",
  /** Delete tags and images. */
  Delete = "delete",
}

/**
 * Who may do what with which repositories. Rules add up. In patterns, `*` is any run of characters without a slash and
 * `**` any run at all.
 */
export interface AccessRuleArgs {
  /** Patterns of repositories, such as "team/*", or "**" for all. */
  readonly repositories: string[];
  /** Names of users. @default [] */
  readonly users?: string[];
  /** Groups that users are in. @default [] */
  readonly groups?: string[];
  /** Whether everybody may, without a login; for `pull` alone. @default false */
  readonly anonymous?: boolean;
  /** What they may do: "pull", "push" (has pull in it), "delete". */
  readonly actions: AccessAction[];
}

/** Tags that name one image for ever: another one is refused, and so is deleting them. Patterns are those of `access`. */
export interface ImmutableTagsArgs {
  /** Patterns of repositories, such as "team/*", or "**" for all. */
  readonly repositories: string[];
  /** Patterns of tags, such as "v*". */
  readonly tags: string[];
}

/** What rules read of a user. */
export interface AccessUserArgs {
  /** Login name. */
  readonly name: string;
  /** Groups that rules name. @default [] */
  readonly groups?: string[];
  /** Last day of the login, in UTC, such as "2027-01-31". @default none */
  readonly expires?: string;
}
