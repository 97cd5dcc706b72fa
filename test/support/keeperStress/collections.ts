import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { layoutOf, placeIn } from "../../../components/keeper/program/layout";
import type { Batch } from "../../../components/keeper/program/trash";
import { type Random, randomOf } from "../walk/random";
import type { Image } from "./images";
import { collectionSteps, collectOnce, type Keeper, succeed } from "./keeperProcess";
import { withChildren } from "./ledger";
import { type Most, thinOut } from "./thinOut";
import { deleteImage, deleteTag, makeImage, pulling, push, repositories, type World } from "./traffic";

/** What one collection did. */
export interface Collection {
  readonly number: number;
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** The step that was killed, if one was. */
  readonly killed?: string;
  /** How many things lie in the trash in the end: what was found to be needed meanwhile is not among them. */
  readonly taken: { readonly links: number; readonly blobs: number };
  /** How many images of which something was in the trash were pushed again meanwhile. */
  readonly pushedAgain: number;
  readonly seconds: number;
  /** The most memory that a step had, in MB. */
  readonly megabytes: number;
}

/** What tags begin with that are pushed while their parts move: of these pushes many must be repeated. */
export const inTheMoment = "moment";

/** Images that nothing needs any more, until somebody pushes them again. */
interface Retired {
  readonly repository: string;
  readonly image: Image;
  /** The first collection that may take them. */
  readonly from: number;
}

/** Runs collections one after the other while clients are at work. */
export interface Collections {
  run(number: number, isKilled: boolean): Promise<Collection>;
  /** A collection while nobody does anything. */
  settle(): Promise<void>;
}

/** `isAdverse`: images are pushed again while their parts are moved into the trash, not only when all of them are there. */
export function makeCollections(
  world: World,
  keeper: Keeper,
  { isAdverse, most }: { readonly isAdverse: boolean; readonly most: Most },
): Collections {
  const random = randomOf("collections", world.seed);
  let waiting: Retired[] = [];
  return {
    async settle() {
      await collect(keeper);
    },
    async run(number, isKilled) {
      const started = Date.now();
      await thinOut(world, random, most);
      const retired = await retire(world, random, number);
      const earlier = batchesIn(keeper);
      const batches = () => newBatches(keeper, earlier);
      const lost = () => lostBy(batches().flatMap(({ taken }) => taken));
      const whole = () => lostBy(batches().flatMap(({ taken, isWhole }) => (isWhole ? taken : [])));
      const listed = () => lostBy(batches().flatMap(({ listed }) => listed));
      const once = { due: whole, lost, within: 1000, tag: "again" };
      const soon = { due: listed, lost, within: 300, tag: inTheMoment };
      const images = random.shuffled(waiting.filter(({ from }) => from <= number));
      // Many of them may have been taken by a run that was killed.
      const middle = isAdverse ? Math.ceil(images.length / 2) : images.length;
      const isEnded = { value: false };
      const again = Promise.all([
        pushAtAnyTime(world, random, images.slice(0, 4), lost, isEnded),
        pushOnceDue(world, random, images.slice(4, middle), once, isEnded),
        isAdverse ? pushOnceDue(world, random, images.slice(middle), soon, isEnded) : [],
      ]);
      const killed = await collect(keeper, isKilled ? random : undefined);
      isEnded.value = true;
      const pushedAgain = (await again).flat().filter((isLost) => isLost).length;
      const paths = batches().flatMap(({ taken }) => taken);
      const links = paths.filter((path) => path.endsWith("/link")).length;
      // One that was killed may not have come to take anything; it is for the next.
      const left = killed === undefined ? waiting.filter(({ from }) => from > number) : waiting;
      waiting = [...left, ...retired];
      const seconds = (Date.now() - started) / 1000;
      return {
        number,
        began: started,
        killed,
        taken: { links, blobs: paths.length - links },
        pushedAgain,
        seconds,
        megabytes: keeper.megabytes(),
      };
    },
  };
}

/** Pushes images of their own layers and deletes them, where manifests without a tag go half of them by their tag alone. */
async function retire(world: World, random: Random, number: number): Promise<Retired[]> {
  const all = Array.from({ length: 48 }, (_, each) => {
    const isByTag = world.ledger.untaggedGo && each % 2 === 0;
    return {
      repository: random.pick(repositories),
      tag: `r${number}-${each}`,
      image: makeImage(random, `retired-${number}-${each}`),
      isByTag,
      // One finds it unneeded, the next takes it; one more to find that it has no tag.
      from: number + (isByTag ? 2 : 1),
    };
  });
  await Promise.all(all.map(({ repository, tag, image }) => push(world, random, repository, tag, image)));
  await Promise.all(
    all.map(({ repository, tag, image, isByTag }) =>
      isByTag ? deleteTag(world, repository, tag) : deleteImage(world, repository, image),
    ),
  );
  return all;
}

/** Tells at any moment whether something of an image is among what is meant. */
type Telling = () => (retired: Retired) => boolean;

/**
 * Pushes a few of them at moments spread over the collection: before the marks, between them and after. Answers of each
 * whether something of it was in the trash.
 */
async function pushAtAnyTime(
  world: World,
  random: Random,
  retired: readonly Retired[],
  lost: Telling,
  isEnded: { value: boolean },
): Promise<boolean[]> {
  const pushed: boolean[] = [];
  for (const each of retired) {
    await sleep(random.below(2000));
    if (isEnded.value) break;
    pushed.push(await pushAgain(world, random, each, lost, "again"));
  }
  return pushed;
}

/** Pushes a few as soon as they are due, so that however quick the machine is, some are pushed meanwhile. */
async function pushOnceDue(
  world: World,
  random: Random,
  retired: readonly Retired[],
  { due, lost, within, tag }: { due: Telling; lost: Telling; within: number; tag: string },
  isEnded: { value: boolean },
): Promise<boolean[]> {
  const pushed: Promise<boolean>[] = [];
  const waiting = new Set(retired);
  while (!isEnded.value && pushed.length < 9) {
    for (const each of [...waiting].filter(due()).slice(0, 9 - pushed.length)) {
      waiting.delete(each);
      pushed.push(sleep(random.below(within)).then(() => pushAgain(world, random, each, lost, tag)));
    }
    await sleep(20);
  }
  return await Promise.all(pushed);
}

async function pushAgain(
  world: World,
  random: Random,
  retired: Retired,
  lost: Telling,
  prefix: string,
): Promise<boolean> {
  const { repository, image } = retired;
  const isLost = lost()(retired);
  const tag = `${prefix}-${image.digest.slice(7, 19)}`;
  await push(world, random, repository, tag, image);
  await pulling(world, { repository, tag }, "plain", () => world.client.pull(repository, tag));
  return isLost;
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
    if (number === fatal) {
      const { child, done } = keeper.step(name);
      await sleep(40 + random.below(250));
      child.kill("SIGKILL");
      await done;
      // A container that was killed starts again, or does not for a while: then the next run gives back what is needed.
      if (random.below(2) === 0) await succeed(keeper, "recover");
      return name;
    }
    await succeed(keeper, name);
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

/** A batch by the paths in it. */
interface Taking {
  /** What was to be taken. */
  readonly listed: readonly string[];
  /** What of it lies in the trash: some of it stays, and some goes back. */
  readonly taken: readonly string[];
  readonly isWhole: boolean;
}

/** The batches that were not there before. */
function newBatches(keeper: Keeper, earlier: readonly string[]): Taking[] {
  const layout = layoutOf(keeper.settings.dataFolder);
  return batchesIn(keeper)
    .filter((name) => !earlier.includes(name))
    .flatMap((name): Taking[] => {
      const file = join(layout.trash, name, "why.json");
      // The folder is there a moment before the list in it.
      if (!existsSync(file)) return [];
      const { things, whole }: Pick<Batch, "things" | "whole"> = JSON.parse(readFileSync(file, "utf8"));
      const listed = things.map(({ path }) => path);
      const taken = listed.filter((path) => existsSync(placeIn(layout, { name }, path)));
      return [{ listed, taken, isWhole: whole === true }];
    });
}
