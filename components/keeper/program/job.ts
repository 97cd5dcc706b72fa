import type { Clock } from "./clock";
import type { Disk } from "./disk";
import type { Settings } from "./settings";

/** What every job of the keeper works with. */
export interface Context {
  readonly disk: Disk;
  readonly settings: Settings;
  /** Tells the person who waits how far a slow job is. */
  readonly say: (progress: string) => void;
  /** Left out where no time passes between two steps. */
  readonly clock?: Clock;
}

/** What a job answers to whoever asked. */
export interface Answer {
  /** For a person, with its last line end. */
  readonly text: string;
  /** The same for a program, asked for by `--json`. */
  readonly json: unknown;
  /** Whether the command ends with an error. */
  readonly failed?: boolean;
}

/** Stops a job with a message for the person who asked. */
export class Refusal extends Error {}

/** Stops a collection before anything is taken: the data is not as it must be to judge what may go. */
export class Unreadable extends Error {}
