import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Deck } from "./deck";
import type { Kind } from "./kind";
import { randomOf } from "./random";
import { report } from "./report";
import { begin, closeWorld, openWorld } from "./stack";
import { type StepRecord, takeStep } from "./step";
import type { Memory, World } from "./world";

export interface WalkOptions {
  /** Names machine, stack, clone and the file of the progress. */
  readonly name: string;
  readonly seed: string;
  readonly steps: number;
  /** What comes next, and the deck after it. */
  readonly next: (number: number, deck: Deck, world: World) => { readonly kind: Kind; readonly deck: Deck };
  /** The command that does the first steps again. */
  readonly replay: (steps: number) => string;
  /** Goes on where an earlier walk of this name ended. */
  readonly resume?: boolean;
  /** Leaves machine and clone as they are at the end. */
  readonly keep?: boolean;
  /** After a violation goes on with a new stack. */
  readonly goOn?: boolean;
  /** Time of the clock, in milliseconds, after which no step begins. */
  readonly until: number;
  readonly say: (line: string) => void;
}

/** What is kept of a walk in a file. */
export interface Progress {
  readonly seed: string;
  readonly commit: string;
  readonly records: readonly StepRecord[];
  readonly deck: Deck;
  readonly memory?: Memory;
}

export const progressFolder = resolve(__dirname, "../../../.test-long");

/** Walks from a new stack, or on from an earlier end, to the number of steps, the first violation or the time limit. */
export async function walk(options: WalkOptions): Promise<Progress> {
  const { name, seed, say } = options;
  mkdirSync(progressFolder, { recursive: true });
  const file = join(progressFolder, `${name}.json`);
  const earlier = options.resume ? readProgress(file) : undefined;
  let world = await openWorld(name, earlier?.memory);
  let progress: Progress = { seed, records: [], deck: [], ...earlier, commit: world.clone.commit };
  try {
    if (Object.keys(world.lastGoodImages).length === 0) await begin(world, say);
    while (progress.records.length < options.steps && Date.now() < options.until) {
      const number = progress.records.length + 1;
      const { kind, deck } = options.next(number, progress.deck, world);
      const record = await takeStep(world, number, kind, randomOf(seed, "step", number));
      say(lineOf(record));
      const { violation } = record;
      const records = [...progress.records, record];
      // Nobody can go on from a stack that is broken.
      progress = { ...progress, records, deck, memory: violation ? undefined : world.memory() };
      writeFileSync(file, JSON.stringify(progress, undefined, 2));
      if (violation === undefined) continue;
      const text = await report(world, record, options.replay(number));
      writeFileSync(join(progressFolder, `${name}-${number}.report.txt`), text);
      say(text);
      if (!options.goOn) break;
      await closeWorld(world);
      world = await openWorld(name);
      await begin(world, say);
    }
    return progress;
  } finally {
    if (options.keep) await world.outages.stop();
    else await closeWorld(world);
  }
}

export function readProgress(file: string): Progress | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function lineOf({ number, kind, what, seconds, gapSeconds, taken, violation }: StepRecord): string {
  const gap = `gap ${gapSeconds.toFixed(1)} s${taken ? ", taken" : ""}`;
  const end = violation === undefined ? "" : `  VIOLATION: ${violation}`;
  return `${String(number).padStart(4)}  ${kind}: ${what}  [${seconds.toFixed(0)} s, ${gap}]${end}`;
}
