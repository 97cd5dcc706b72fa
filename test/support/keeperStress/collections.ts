import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, randomOf } from "../walk/random";
import type { Image } from "./images";
import { collectionSteps, collectOnce, type Keeper } from "./keeperProcess";
import { withChildren } from "./ledger";
import { deleteImage, makeImage, pulling, push, repositories, type World } from "./traffic";

/** What one collection did. */
export interface Collection {
  readonly number: number;
  /** The step that was killed, if one was. */
  readonly killed?: string;
  /** How many things went into the trash. */
  readonly taken: number;
  /** How many images that lost something to the trash were pushed again meanwhile. */
  readonly pushedAgain: number;
  readonly seconds: number;
  /** The most memory that a step had, in MB. */
  readonly megabytes: number;
}

/** Images that nothing needs any more, until somebody pushes them again. */
interface Retired {
  readonly repository: string;
  readonly image: Image;
}

/** Runs collections one after the other while clients are at work. */
export interface Collections {
  run(number: number, isKilled: boolean): Promise<Collection>;
  /** A collection while nobody does anything. */
  settle(): Promise<void>;
}

/** `isAdverse`: images are pushed again while their parts are moved into the trash, not only when all of them are there. */
export function makeCollections(world: World, keeper: Keeper, isAdverse: boolean): Collections {
  const random = randomOf("collections", world.seed);
  // What the run before found unneeded is what this one takes.
  let previous: Retired[] = [];
  const isFarEnough = ({ whole }: Taking) => isAdverse || whole === true;

  return {
    async settle() {
      await collect(keeper);
    },
    async run(number, isKilled) {
      const started = Date.now();
      const retired = await retire(world, random, number);
      const batches = batchesIn(keeper);
      const lost = () => lostBy(newBatches(keeper, batches).filter(isFarEnough).flatMap(pathsIn));
      const [some, others] = halves(random.shuffled(previous));
      const isEnded = { value: false };
      const again = Promise.all([
        pushAtAnyTime(world, random, some, isEnded),
        pushOnceTaken(world, random, others, lost, isEnded, isAdverse ? 300 : 1000),
      ]);
      const killed = await collect(keeper, isKilled ? random : undefined);
      isEnded.value = true;
      const pushed = (await again).flat();
      const taken = newBatches(keeper, batches).flatMap(pathsIn);
      const hit = pushed.filter(lostBy(taken));
      // One that was killed may not have come to take anything; it is for the next.
      previous = killed === undefined ? retired : [...previous, ...retired];
      const seconds = (Date.now() - started) / 1000;
      return {
        number,
        killed,
        taken: taken.length,
        pushedAgain: hit.length,
        seconds,
        megabytes: keeper.megabytes(),
      };
    },
  };
}

/** Pushes images of their own layers and deletes them, some by tag and digest. */
async function retire(world: World, random: Random, number: number): Promise<Retired[]> {
  const all = Array.from({ length: 24 }, (_, each) => ({
    repository: random.pick(repositories),
    image: makeImage(random, `retired-${number}-${each}`),
  }));
  await Promise.all(
    all.map(({ repository, image }, each) => push(world, random, repository, `r${number}-${each}`, image)),
  );
  await Promise.all(all.map(({ repository, image }) => deleteImage(world, repository, image)));
  return all;
}

function halves<Item>(items: readonly Item[]): [Item[], Item[]] {
  const middle = Math.floor(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

/** Pushes a few of them at moments spread over the collection: before the marks, between them and after. */
async function pushAtAnyTime(
  world: World,
  random: Random,
  retired: readonly Retired[],
  isEnded: { value: boolean },
): Promise<Retired[]> {
  const pushed: Retired[] = [];
  for (const each of retired.slice(0, 9)) {
    await sleep(random.below(800));
    if (isEnded.value) break;
    await pushAgain(world, random, each);
    pushed.push(each);
  }
  return pushed;
}

/** Pushes a few as soon as the collection has taken them, so that however quick the machine is, some are pushed meanwhile. */
async function pushOnceTaken(
  world: World,
  random: Random,
  retired: readonly Retired[],
  lost: () => (retired: Retired) => boolean,
  isEnded: { value: boolean },
  within: number,
): Promise<Retired[]> {
  const pushed: Promise<Retired>[] = [];
  const waiting = new Set(retired);
  while (!isEnded.value && pushed.length < 9) {
    const taken = [...waiting].filter(lost());
    for (const each of taken.slice(0, 9 - pushed.length)) {
      waiting.delete(each);
      pushed.push(pushAgain(world, random, each, random.below(within)));
    }
    await sleep(20);
  }
  return await Promise.all(pushed);
}

async function pushAgain(world: World, random: Random, retired: Retired, after = 0): Promise<Retired> {
  await sleep(after);
  const { repository, image } = retired;
  const tag = `again-${image.digest.slice(7, 19)}`;
  await push(world, random, repository, tag, image);
  await pulling(world, { repository, tag }, "plain", () => world.client.pull(repository, tag));
  return retired;
}

/** Tells whether something of an image is among these paths. */
function lostBy(paths: readonly string[]): (retired: Retired) => boolean {
  const digests = new Set(paths.map((path) => /([0-9a-f]{64})(\/link)?$/.exec(path)?.[1] ?? ""));
  return ({ image }) =>
    withChildren(image).some((each) =>
      [each, ...each.blobs].some(({ digest }) => digests.has(digest.slice(7))),
    );
}

/** Runs the steps, and answers which was killed, if one is to be. */
async function collect(keeper: Keeper, random?: Random): Promise<string | undefined> {
  if (random === undefined) {
    await collectOnce(keeper);
    return undefined;
  }
  const fatal = random.below(collectionSteps.length);
  for (const [number, name] of collectionSteps.entries()) {
    if (name === "settle") {
      if (number === fatal) return name;
      await sleep(keeper.settings.settleSeconds * 1000);
      continue;
    }
    const { child, done } = keeper.step(name);
    if (number === fatal) {
      await sleep(40 + random.below(250));
      child.kill("SIGKILL");
      await done;
      return name;
    }
    const { status, stderr } = await done;
    if (status !== 0) throw new Error(`the step ${name} ended with ${status}: ${stderr}`);
  }
  return undefined;
}

function batchesIn({ settings }: Keeper): string[] {
  try {
    return readdirSync(join(settings.dataFolder, ".trash")).filter((name) => name.includes("-collection-"));
  } catch {
    return [];
  }
}

interface Taking {
  readonly things: readonly { readonly path: string }[];
  readonly whole?: boolean;
}

/** What batches say that were not there before. */
function newBatches(keeper: Keeper, before: readonly string[]): Taking[] {
  return batchesIn(keeper)
    .filter((name) => !before.includes(name))
    .flatMap((name): Taking[] => {
      const file = join(keeper.settings.dataFolder, ".trash", name, "why.json");
      // The folder is there a moment before the list in it.
      return existsSync(file) ? [JSON.parse(readFileSync(file, "utf8"))] : [];
    });
}

/** What was to be taken. */
function pathsIn({ things }: Taking): string[] {
  return things.map(({ path }) => path);
}
