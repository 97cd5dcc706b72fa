import { diskTime } from "./clock";
import { factsReader } from "./facts";
import { counted } from "./format";
import type { Context } from "./job";
import { type Layout, layoutOf, tagLink } from "./layout";
import { tagOf } from "./repository";
import { noteRun } from "./status";
import { type GoneTag, goneTag, type IndexedTag, indexFile, readIndex, type TagIndex } from "./tagIndex";
import { repositoryNames, tagNames } from "./walk";

/** What other clients deleted is remembered at least so long, in milliseconds. */
const SHORTEST_MEMORY = 14 * 86_400_000;

/** Writes down what each tag points to, so that what other clients delete can be put back. */
export function index(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const time = diskTime(disk, layout);
  const previous = readIndex(context);
  const names = repositoryNames(disk, layout);
  const tags = tagsNow(context, layout, names, previous);
  const known: TagIndex = { time, tags, gone: goneTags(context, previous, tags, time) };
  disk.write(indexFile(context), JSON.stringify(known));
  noteRun(context, "index", {
    ended: new Date().toISOString(),
    ok: true,
    summary: `${counted(tags.length, "tag")} in ${counted(names.length, "repository", "repositories")}`,
  });
}

/** What was not pushed again since the previous index is as it was there. */
function tagsNow(
  context: Context,
  layout: Layout,
  names: readonly string[],
  previous: TagIndex,
): IndexedTag[] {
  const { disk } = context;
  const before = new Map(previous.tags.map((known) => [nameOf(known), known]));
  const factsOf = factsReader(disk, layout);
  return names.flatMap((repository) =>
    tagNames(disk, layout, repository).flatMap((name) => {
      const known = before.get(nameOf({ repository, tag: name }));
      const stat = disk.stat(tagLink(layout, repository, name));
      if (stat === undefined) return [];
      if (known?.inode === stat.inode && known.pushed === stat.modified) return [known];
      const tag = tagOf(disk, layout, repository, name);
      if (tag === undefined) return [];
      if (tag.fault !== undefined) return known ?? [];
      const { digest } = tag.link;
      const { modified: pushed, inode } = tag.link.stat;
      return [{ repository, tag: name, digest, pushed, bytes: factsOf(digest).bytes, inode }];
    }),
  );
}

/** Of each tag the last that is known; also of what the keeper took, which its trash may not keep as long. */
function goneTags(
  { settings }: Context,
  previous: TagIndex,
  tags: readonly IndexedTag[],
  time: number,
): GoneTag[] {
  const present = new Set(tags.map(nameOf));
  const vanished = previous.tags.filter((known) => !present.has(nameOf(known)));
  const since = time - Math.max(settings.undoSeconds * 1000, SHORTEST_MEMORY);
  const known = [
    ...previous.gone.filter(({ lastSeen }) => lastSeen >= since),
    ...vanished.map((known) => goneTag(known, previous.time)),
  ];
  return [...new Map(known.map((gone) => [nameOf(gone), gone])).values()];
}

function nameOf({ repository, tag }: { readonly repository: string; readonly tag: string }): string {
  return `${repository}:${tag}`;
}
