import type { Context } from "./job";
import { readState, stateFile } from "./stateFile";
import type { Thing } from "./trash";

/** The steps of a collection in their order; after each `look` but the last the shell lets things settle. */
export const steps = ["mark", "take-links", "look", "take-blobs", "look", "finish"] as const;

export type Step = (typeof steps)[number];

/** In the folder of what the keeper knows from run to run. */
export const runFile = "run.json";

/** What a collection remembers from step to step. */
export interface Run {
  /** How many steps are done. */
  readonly done: number;
  /** When the first mark began, in milliseconds by the clock of the disk. */
  readonly started: number;
  /** The identities of the links that the first mark saw. */
  readonly recorded: readonly string[];
  /** What is to be taken; of the blobs those that the last look still found free. */
  readonly links: readonly Thing[];
  readonly blobs: readonly Thing[];
  /** How much was found to be unneeded, ripe or not. */
  readonly unneeded: { readonly links: number; readonly blobs: number; readonly bytes: number };
  /** How much was taken. */
  readonly taken: { readonly links: number; readonly blobs: number; readonly bytes: number };
  /** Paths that were given back. */
  readonly givenBack: readonly string[];
  readonly repositories: number;
}

/** The run that a step continues. @throws Error if the step is not the next one. */
export function continueRun(context: Context, step: Step): Run {
  const run = lastRun(context);
  if (run === undefined || steps[run.done] !== step) {
    throw new Error(`a collection cannot go on with "${step}"; begin it with "mark"`);
  }
  return run;
}

/** The run that is under way or was the last, if it is known. */
export function lastRun(context: Context): Run | undefined {
  return readState<Run>(context, runFile);
}

/** Notes that one more step is done. */
export function noteStep(context: Context, run: Run): void {
  context.disk.write(stateFile(context, runFile), JSON.stringify({ ...run, done: run.done + 1 }));
}

/** How many things, and how big the blobs among them are together. */
export function bytesOf(blobs: readonly Thing[]): number {
  return blobs.reduce((sum, { size = 0 }) => sum + size, 0);
}
