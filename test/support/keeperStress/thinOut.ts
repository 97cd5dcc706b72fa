import type { Random } from "../walk/random";
import type { Image } from "./images";
import { withChildren } from "./ledger";
import { deleteImage, type World } from "./traffic";

/** How much there may be, in tags and in manifests without one. */
export interface Most {
  readonly tags: number;
  readonly untagged: number;
}

interface Placed {
  readonly repository: string;
  readonly image: Image;
}

/** Deletes what has become too much, so that the hundredth collection has no more to read than the first. */
export async function thinOut(world: World, random: Random, most: Most): Promise<void> {
  const { ledger } = world;
  const untagged = random.shuffled(untaggedIn(world));
  // Not those of signatures whose subject was deleted: the keeper takes them.
  const tags = ledger.tags().filter(({ repository, tag }) => ledger.mustBe(repository, tag));
  const tagged = random.shuffled(tags.filter(({ tag }) => /^(t\d|again|moment)/.test(tag)));
  const going: Placed[] = [
    ...untagged.slice(most.untagged),
    ...tagged.slice(0, Math.max(0, tags.length - most.tags)),
  ];
  const workers = Array.from({ length: 4 }, async () => {
    for (let next = going.pop(); next !== undefined; next = going.pop())
      await deleteImage(world, next.repository, next.image);
  });
  await Promise.all(workers);
}

/** Manifests that neither a tag nor an index needs. */
function untaggedIn({ ledger }: World): Placed[] {
  const tags = ledger.tags();
  return ledger.repositories().flatMap((repository) => {
    const own = tags.filter((tag) => tag.repository === repository).map(({ image }) => image);
    const all = [...ledger.manifests(repository).values()];
    const parts = [...own.flatMap(withChildren), ...all.flatMap(({ children }) => children)];
    const needed = new Set(parts.map(({ digest }) => digest));
    // The keeper takes what is about something that was deleted, or has no tag where such go.
    const isUntagged = ({ digest }: Image) => !needed.has(digest) && ledger.mustKeep(repository, digest);
    return all.filter(isUntagged).map((image) => ({ repository, image }));
  });
}
