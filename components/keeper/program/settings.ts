/** A rule of retention; see the arguments of the keeper. */
export interface RetentionRule {
  /** Globs of repositories: `*` within a component of a name, `**` across. */
  readonly repositories: readonly string[];
  /** Globs of tags that the rule is about. */
  readonly tags: readonly string[];
  /** The newest that always stay, by the time of their push. */
  readonly keepNewest: number;
  /** More than so many go, the oldest first. */
  readonly maxTags?: number;
  /** Older ones go. */
  readonly deleteAfterDays?: number;
  /** Globs of tags that always stay. */
  readonly keepTags: readonly string[];
}

/** Tags that name one image for ever. */
export interface ImmutableTags {
  /** Globs of repositories. */
  readonly repositories: readonly string[];
  /** Globs of tags. */
  readonly tags: readonly string[];
}

/** How much repositories may hold together; see the arguments of the keeper. */
export interface Quota {
  /** Globs of repositories: `*` within a component of a name, `**` across. */
  readonly repositories: readonly string[];
  readonly bytes: number;
}

/** What the keeper is told, in a file beside its program. All times are in seconds, so that a test need not wait. */
export interface Settings {
  /** The registry's folder of data. */
  readonly dataFolder: string;
  /** Requests, answers, and what the keeper knows from run to run. */
  readonly controlFolder: string;
  /** How long something must have been unreferenced before it may go. */
  readonly graceSeconds: number;
  /** How long a single request of a client may be delayed between two of its steps. */
  readonly settleSeconds: number;
  /** How long what was taken can be had back. */
  readonly undoSeconds: number;
  /** How long what was taken stays at least, however full the disk is, and before a whole mark begins. */
  readonly minimumTrashSeconds: number;
  /** How long the newest file of an upload has been untouched when the upload counts as abandoned. */
  readonly uploadSeconds: number;
  /** How long a manifest stays after a run first saw it without a tag; without it for ever. */
  readonly untaggedSeconds?: number;
  readonly retention: readonly RetentionRule[];
  /** None where it is left out. */
  readonly immutableTags?: readonly ImmutableTags[];
  readonly quotas?: readonly Quota[];
  /** In how many days each blob is read once; none is where there is no number, and for 0. */
  readonly scrubDays?: number;
  /** How many bytes of a blob are read in a second at most. */
  readonly scrubBytesPerSecond?: number;
  /** Whether the registry refuses every push and delete: then no tag goes, and none comes back. */
  readonly readOnly?: boolean;
  /** For how many days audit files stay; none does where there is no number. */
  readonly auditDays?: number;
  /** Whether figures are written down for Prometheus. */
  readonly metrics?: boolean;
  /** When a backup begins each day, for people; none without it. */
  readonly backupAt?: string;
  /** When the daily run begins, for people, such as "03:30 in Europe/Berlin". */
  readonly collectAt?: string;
}
