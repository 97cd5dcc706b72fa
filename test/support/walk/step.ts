import { isReadOnly } from "./changes";
import { longestSilenceSeconds, pushOne, serves, servesEverything, Violation } from "./invariants";
import type { Kind } from "./kind";
import type { Random } from "./random";
import type { World } from "./world";

/** What is kept of a step. */
export interface StepRecord {
  readonly number: number;
  readonly kind: string;
  readonly what: string;
  readonly seconds: number;
  /** Longest time without an answer. */
  readonly gapSeconds: number;
  /** Whether a server was taken away, so that somebody had to be without it. */
  readonly taken: boolean;
  /** Which invariant was broken, and how. */
  readonly violation?: string;
}

/** Every few steps there is one more image. */
const stepsBetweenPushes = 3;

/** Does one thing, then looks at the three invariants. */
export async function takeStep(
  world: World,
  number: number,
  kind: Kind,
  random: Random,
): Promise<StepRecord> {
  const began = Date.now();
  world.log = "";
  world.outages.reset();
  let [what, taken] = ["", false];
  const record = (violation?: string): StepRecord => ({
    ...{ number, kind: kind.name, what, taken },
    seconds: (Date.now() - began) / 1000,
    gapSeconds: world.outages.longest(),
    ...(violation !== undefined && { violation }),
  });
  try {
    const before = world.settings;
    what = await kind.apply(world, random);
    taken = (await kind.takes?.(world)) ?? false;
    if (kind.losesImages?.(world)) world.forgetImages();
    if (kind.expects !== "green") {
      await failsWithCause(world, kind.expects);
      await serves(world);
      if (kind.undo) await kind.undo(world, random);
      else world.settings = before;
      if (random.below(2) === 0) what += `; then ${goOn(world, random)}`;
    } else if (kind.isFault && !taken) await serves(world);
    await becomesGreen(world, kind);
    const problem = await kind.check?.(world);
    if (problem !== undefined) throw new Violation(problem);
    if (number % stepsBetweenPushes === 0 && !isReadOnly(world)) await pushOne(world, `walk/app:${number}`);
    const gap = world.outages.longest();
    if (!taken && gap > longestSilenceSeconds) throw new Violation(`nobody answered for ${gap.toFixed(1)} s`);
    return record();
  } catch (error) {
    return record(error instanceof Violation ? error.message : `cannot go on: ${String(error)}`);
  }
}

async function failsWithCause(world: World, cause: RegExp): Promise<void> {
  const { status, stdout, stderr } = await world.up();
  if (status === 0) throw new Violation("the up is green, and should have failed");
  if (!cause.test(stdout + stderr)) throw new Violation(`the failed up does not name the cause (${cause})`);
}

/** The cure need not be the very settings of before. */
function goOn(world: World, random: Random): string {
  const number = random.below(1000);
  const change = random.pick([
    { realm: `Realm ${number}` },
    { labels: { number: String(number) } },
    { logRotation: { maxSize: `${10 + number}m` } },
  ]);
  world.set(change);
  return `another ${Object.keys(change)}`;
}

/** One `up` is green, the preview after it is empty, and everything is served. */
async function becomesGreen(world: World, kind: Kind): Promise<void> {
  const former = world.reach.users;
  if (!kind.heals) {
    const { status } = await world.up();
    if (status !== 0) throw new Violation("the up fails, and there is no cause left");
    await world.readReach();
  }
  const { status } = await world.npm("pulumi", "preview", "--expect-no-changes");
  if (status !== 0) throw new Violation("the preview after a green up is not empty");
  await servesEverything(world, former);
}
