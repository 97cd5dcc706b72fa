import { type Context, Unreadable } from "./job";
import { type Layout, tagLink } from "./layout";
import { readIndex } from "./tagIndex";
import { type Batch, batchesOf } from "./trash";
import { tagsIn } from "./trashedTags";
import { keptFor } from "./undo";

interface DeletedTag {
  readonly tag: string;
  /** ISO time in UTC until which it can be had back at least; null for what another client deleted. */
  readonly until: string | null;
}

/** The tags of a repository that are gone and that `restore` may bring back, by their names. */
export function deletedTags(context: Context, layout: Layout, repository: string): DeletedTag[] {
  const { disk } = context;
  const kept = keptFor(context);
  const until = new Map<string, string | null>();
  for (const gone of readIndex(context).gone) if (gone.repository === repository) until.set(gone.tag, null);
  const source = { disk, layout, repository, batches: readableBatches(context, layout) };
  for (const batch of source.batches) {
    const end = new Date(batch.time + kept).toISOString();
    for (const tag of tagsIn(source, batch)) if ((until.get(tag) ?? "") < end) until.set(tag, end);
  }
  return [...until]
    .filter(([tag]) => disk.stat(tagLink(layout, repository, tag)) === undefined)
    .map(([tag, end]) => ({ tag, until: end }))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

/** A trash that cannot be read is the collection's to tell of: the tags that are there are shown all the same. */
export function readableBatches({ disk }: Context, layout: Layout): Batch[] {
  try {
    return batchesOf(disk, layout);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}
