import { diskTime } from "./clock";
import { readableBatches } from "./deletedTags";
import { type Context, Unreadable } from "./job";
import { type Layout, layoutOf } from "./layout";
import { trashedPaths } from "./look";
import { markRepository } from "./repositoryMark";
import { putAllRight } from "./take";
import { type Batch, giveBack } from "./trash";

/** Deletions are looked at by two hourly indexes, whenever in an hour they were; in milliseconds. */
const LOOKED_AT = 2 * 3_600_000;

/**
 * Puts right what was cut short, and gives back what somebody deleted by digest and a push needs that was under way: an
 * index may be pushed for children that were there when the registry asked for them. The next mark would do it, and that
 * may be a day away.
 */
export function lookAfterDeletions(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const since = diskTime(disk, layout) - LOOKED_AT;
  const batches = readableBatches(context, layout);
  putAllRight(disk, layout, batches);
  const trashed = trashedPaths(batches);
  const deleted = batches.filter(({ reason, time }) => reason.kind === "delete" && time > since);
  const repositories = new Set(
    deleted.flatMap(({ reason }) => (reason.digest === undefined ? [] : (reason.repository ?? []))),
  );
  for (const repository of repositories) {
    for (const path of missingIn({ disk, layout, trashed }, repository)) {
      trashed.get(path)?.some((batch) => giveBack(disk, layout, batch, path));
    }
  }
}

interface Source {
  readonly disk: Context["disk"];
  readonly layout: Layout;
  readonly trashed: ReadonlyMap<string, readonly Batch[]>;
}

/** What cannot be read is the mark's to tell of. */
function missingIn({ disk, layout, trashed }: Source, repository: string): string[] {
  try {
    const { missing } = markRepository(disk, layout, repository, {
      keepsUntagged: () => true,
      isNew: () => false,
      isTrashed: (path) => trashed.has(path),
      orphans: [],
    });
    return missing.map(({ path }) => path);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}
