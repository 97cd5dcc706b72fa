import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cloneInto } from "./clone";
import { type Deck, draw } from "./deck";
import { pushOne, serves } from "./invariants";
import { kinds } from "./kinds";
import { createWalkMachine, findWalkMachine } from "./machine";
import { randomOf } from "./random";
import { report } from "./report";
import { type StepRecord, takeStep } from "./step";
import { type Memory, World } from "./world";

export interface WalkOptions {
  readonly seed: string;
  readonly steps: number;
  /** Goes on where an earlier walk of this seed ended. */
  readonly resume?: boolean;
  /** Leaves machine and clone after a violation. */
  readonly keep?: boolean;
  /** After a violation goes on with a new stack. */
  readonly goOn?: boolean;
  /** Time of the clock, in milliseconds, after which no step begins. */
  readonly until: number;
  /** These kinds in this order instead of a deck. */
  readonly only?: readonly string[];
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
export const replayLine = (seed: string, steps: number) =>
  `npm run test:long -- walk --seed ${seed} --steps ${steps}`;

/** Walks from a new stack, or on from an earlier end, to the number of steps, the first violation or the time limit. */
export async function walk(options: WalkOptions): Promise<Progress> {
  const { seed, say } = options;
  const name = `walk-${seed}`;
  const file = join(progressFolder, `${name}.json`);
  mkdirSync(progressFolder, { recursive: true });
  const earlier = options.resume ? readProgress(file) : undefined;
  let world = await openWorld(name, earlier);
  let progress: Progress = { seed, records: [], deck: [], ...earlier, commit: world.clone.commit };
  try {
    if (world.lastGoodImages["walk/app:0"] === undefined) await begin(world, say);
    while (progress.records.length < options.steps && Date.now() < options.until) {
      const number = progress.records.length + 1;
      const { kind, deck } = nextKind(options, number, progress.deck, world);
      const record = await takeStep(world, number, kind, randomOf(seed, "step", number));
      say(lineOf(record));
      progress = { ...progress, records: [...progress.records, record], deck };
      if (record.violation === undefined) progress = { ...progress, memory: world.memory() };
      else {
        const text = await report(world, record, replayLine(seed, number));
        writeFileSync(join(progressFolder, `${name}-${number}.report.txt`), text);
        say(text);
        if (!options.goOn) break;
        await closeWorld(world);
        world = await openWorld(name, undefined);
        await begin(world, say);
      }
      writeFileSync(file, JSON.stringify(progress, undefined, 2));
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

function nextKind({ seed, only = [] }: WalkOptions, number: number, deck: Deck, world: World) {
  const named = only[number - 1];
  if (named === undefined) return draw(seed, number, deck, world);
  const kind = kinds.find(({ name }) => name === named);
  if (kind === undefined) throw new Error(`there is no kind "${named}"`);
  return { kind, deck };
}

/** The world of an interrupted walk if it is still there, else a new one with a stack of nothing. */
async function openWorld(name: string, earlier: Progress | undefined): Promise<World> {
  const folder = join(tmpdir(), `private-registry-${name}`);
  const found = earlier?.memory && (await findWalkMachine(name));
  if (found) return new World(found, await cloneInto(folder, name), earlier.memory);
  const machine = await createWalkMachine(name);
  const clone = await cloneInto(folder, name);
  clone.remove();
  return new World(machine, await cloneInto(folder, name));
}

async function closeWorld(world: World): Promise<void> {
  await world.outages.stop();
  // With the machine goes its Docker daemon, and everything that the stack has created there.
  await world.machine.destroy();
  world.clone.remove();
}

/** The first `up` of a new user. */
async function begin(world: World, say: (line: string) => void): Promise<void> {
  const began = Date.now();
  const { status, stdout, stderr } = await world.up();
  if (status !== 0) throw new Error(`the first up failed:\n${stdout}${stderr}`);
  await world.readReach();
  await serves(world);
  await pushOne(world, "walk/app:0");
  say(`   0  a new stack, ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

function lineOf({ number, kind, what, seconds, gapSeconds, taken, violation }: StepRecord): string {
  const gap = `gap ${gapSeconds.toFixed(1)} s${taken ? " (taken)" : ""}`;
  const end = violation === undefined ? "" : `  VIOLATION: ${violation}`;
  return `${String(number).padStart(4)}  ${kind}: ${what}  [${seconds.toFixed(0)} s, ${gap}]${end}`;
}
