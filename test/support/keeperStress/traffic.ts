import { setTimeout as sleep } from "node:timers/promises";
import { type Random, randomOf } from "../walk/random";
import { type Blob, type Image, imageOf, indexOf, layerOf, referrerOf } from "./images";
import { type Ledger, subjectOf, type Tag } from "./ledger";
import type { PlainClient } from "./plainClient";
import { count, pushUntilDone, type Tally } from "./tally";

/** What all clients work with. */
export interface World {
  readonly seed: string;
  readonly client: PlainClient;
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** Set when everything is to come to its end. */
  isOver: boolean;
}

/** Repositories that lie within each other, and some that do not. */
export const repositories = [
  "n",
  "n/b",
  "n/b/c",
  "team",
  "team/app",
  "team/app/web",
  "solo",
  "base",
] as const;

/** Layers that many images have. */
const sharedLayers: readonly Blob[] = Array.from({ length: 40 }, (_, number) => layerOf(`shared-${number}`));

/** An image of two shared layers and one of its own. */
export function makeImage(random: Random, name: string): Image {
  const shared = [random.pick(sharedLayers), random.pick(sharedLayers)];
  return imageOf([...new Set(shared), layerOf(`own-${name}`)], name);
}

/** One of an image, an index of two, and a few signatures. */
export function makeAny(random: Random, name: string): Image {
  if (random.below(5) > 0) return makeImage(random, name);
  return indexOf([makeImage(random, `${name}-a`), makeImage(random, `${name}-b`)]);
}

export async function push(
  { client, ledger, tally }: World,
  random: Random,
  repository: string,
  tag: string,
  image: Image,
): Promise<void> {
  const from = random.below(2) === 0 ? random.pick(repositories) : undefined;
  const pause = random.below(4) === 0 ? 40 : 0;
  const manner = { random, from, pause };
  await ledger.pushing(repository, tag, image, async () => {
    await pushUntilDone(tally, `plain push ${repository}:${tag} ${image.digest}`, () =>
      client.push(repository, tag, image, manner),
    );
    return undefined;
  });
  count(tally, "plain push");
}

/** Pulls a tag by any client; that it fails counts if nobody changed the tag meanwhile. */
export async function pulling(
  { ledger, tally }: World,
  { repository, tag }: Pick<Tag, "repository" | "tag">,
  name: string,
  pull: () => Promise<unknown>,
): Promise<void> {
  const before = ledger.version(repository, tag);
  if (before % 2 === 1) return; // Somebody is changing it now.
  const started = new Date().toISOString();
  try {
    await pull();
    count(tally, `${name} pull`);
  } catch (error) {
    if (ledger.version(repository, tag) !== before || !ledger.mustBe(repository, tag)) return;
    const why = error instanceof Error ? error.message : error;
    tally.failedPulls.push(`${started} ${name} pull ${repository}:${tag}: ${why}`);
  }
}

export async function deleteImage(world: World, repository: string, image: Image): Promise<void> {
  const { client, ledger, tally } = world;
  await ledger.deletingImage(repository, image, async (digest) => {
    const isDeleted = await client.remove(repository, digest);
    count(tally, "plain delete");
    return isDeleted;
  });
}

/** One of many workers; it ends when all is over. */
export async function work(world: World, worker: number): Promise<void> {
  const { client, ledger } = world;
  const random = randomOf("worker", world.seed, worker);
  for (let number = 0; !world.isOver; number++) {
    const what = random.below(100);
    const { repository, tag, image } = random.pick(ledger.tags());
    if (what < 45) await pulling(world, { repository, tag }, "plain", () => client.pull(repository, tag));
    else if (what < 70) await push(world, random, repository, tag, makeAny(random, `${worker}-${number}`));
    else if (what < 90) {
      // Where its subject never was, a signature is an image like others, and there would be ever more of them.
      const to = subjectOf(tag) === undefined ? random.pick(repositories) : repository;
      await push(world, random, to, tag, image);
    } else if (what < 94) await sign(world, random, repository, image);
    else if (what < 97) await deleteTag(world, repository, tag);
    else if (tag.startsWith("t")) await deleteImage(world, repository, image);
    // Not as fast as they can: what they push is to be collected, too, and the processor is for all.
    await sleep(random.below(100));
  }
}

export async function deleteTag(
  { client, ledger, tally }: World,
  repository: string,
  tag: string,
): Promise<void> {
  // The keeper takes a signature's tag itself when its subject has gone.
  if (subjectOf(tag) !== undefined) return;
  await ledger.deletingTag(repository, tag, () => client.remove(repository, tag));
  count(tally, "plain delete");
}

/** A signature with a tag of the form that cosign makes, or without a form. */
async function sign(world: World, random: Random, repository: string, image: Image): Promise<void> {
  if (image.subject !== undefined) return;
  const tag = `${image.digest.replace(":", "-")}${random.pick(["", ".sig"])}`;
  await push(world, random, repository, tag, referrerOf(image, `${random.below(1000)}`));
}

/** Pushes the images that there are at the beginning. */
export async function populate(world: World, tags: number): Promise<void> {
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    const random = randomOf("populate", world.seed, worker);
    for (let number = worker; number < tags; number += 8) {
      const image = makeAny(random, `first-${number}`);
      // As programs write that copy by digest: such a tag is about no other image.
      const tag = number % 40 === 0 ? image.digest.replace(":", "-") : `t${number}`;
      await push(world, random, random.pick(repositories), tag, image);
    }
  });
  await Promise.all(workers);
}
