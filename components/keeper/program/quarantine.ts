import { blobsOf } from "./blobs";
import type { Disk, Stat } from "./disk";
import { someOf } from "./format";
import { hashFile, hashOrError } from "./hashFile";
import type { Context } from "./job";
import { blobData, type Layout, layoutOf } from "./layout";
import { tagsOf } from "./repository";
import { noteRun, readStatus } from "./status";
import { linkPlaces, repositoryNames } from "./walk";
import { faultsOf, type Inspection } from "./wholeness";

/*
 * Damaged blobs. Where one was there is none: a client is told so and gets no wrong bytes, and a push brings the blob anew,
 * which it does not where there is one.
 */

/** Takes a damaged blob from its place, unless it is another one by now. */
export function isolate(disk: Disk, layout: Layout, digest: string, seen: Stat): boolean {
  const [from, to] = [blobData(layout, digest), placeOf(layout, digest)];
  if (!disk.move(from, to)) return false;
  const moved = disk.stat(to);
  if (moved?.inode === seen.inode && moved.modified === seen.modified) return true;
  if (disk.link(to, from)) disk.removeFile(to);
  return false;
}

/** The digests of what is in quarantine. */
export function isolated(disk: Disk, { quarantine }: Layout): string[] {
  return Array.from(linkPlaces(disk, quarantine), ({ named }) => named);
}

/**
 * Puts back what a disk could not read for a while, lets go what is right again or what no tag needs, and says what people
 * must mend.
 */
export function checkQuarantine(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const damaged = isolated(disk, layout);
  if (damaged.length === 0 && readStatus(context).runs.quarantine?.problem === undefined) return;
  const missing = damaged.filter((digest) => !isRight(layout, digest) && !putBack(disk, layout, digest));
  const hits = missing.length === 0 ? new Map<string, string[]>() : tagsHitBy(context, missing);
  for (const digest of damaged) {
    if (!hits.has(digest)) disk.removeFile(placeOf(layout, digest));
  }
  const problem = [...hits].map(([digest, tags]) => `${digest} of ${someOf(tags)}`).join("; ");
  noteRun(context, "quarantine", {
    ended: new Date().toISOString(),
    ok: hits.size === 0,
    summary: hits.size === 0 ? "nothing is damaged" : `damaged on the disk: ${problem}`,
    ...(hits.size > 0 && {
      problem: `damaged on the disk, and given to nobody: ${problem}. Push the images again, or take them from a backup: npm run images -- repair`,
    }),
  });
}

/** The tags that cannot be pulled without these blobs, by blob. Blobs that are there are not read. */
export function tagsHitBy({ disk, settings }: Context, damaged: readonly string[]): Map<string, string[]> {
  const layout = layoutOf(settings.dataFolder);
  const blobs = new Map<string, string | null>(
    [...blobsOf(disk, layout).keys()].map((digest) => [digest, null]),
  );
  for (const digest of damaged) blobs.set(digest, "is damaged");
  const inspection: Inspection = { disk, layout, blobs, onRead: () => {} };
  const hits = new Map<string, string[]>();
  for (const repository of repositoryNames(disk, layout)) {
    for (const { name, link } of tagsOf(disk, layout, repository)) {
      for (const { digest } of faultsOf(inspection, repository, link.digest)) {
        if (damaged.includes(digest))
          hits.set(digest, [...(hits.get(digest) ?? []), `${repository}:${name}`]);
      }
    }
  }
  return hits;
}

/** What lies in quarantine and is whole was not to be read for a moment, as with a loose cable. */
function putBack(disk: Disk, layout: Layout, digest: string): boolean {
  const place = placeOf(layout, digest);
  if (hashOrError(place, digest, () => {}) !== digest) return false;
  return disk.link(place, blobData(layout, digest)) || isRight(layout, digest);
}

function isRight(layout: Layout, digest: string): boolean {
  return hashFile(blobData(layout, digest), digest, () => {}) === digest;
}

function placeOf({ quarantine }: Layout, digest: string): string {
  return `${quarantine}/${digest.replace(":", "/")}`;
}
