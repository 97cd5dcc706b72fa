import type { Disk, Stat } from "./disk";
import { Unreadable } from "./job";
import { type Layout, leaf, placeIn } from "./layout";
import type { Link } from "./walk";

/** A leaf that may be taken, and what it was when it was judged: a link, or the folder of a blob. */
export interface Thing {
  readonly path: string;
  readonly inode: number;
  readonly modified: number;
  /** Of a blob, in bytes. */
  readonly size?: number;
  /** The link of the manifest that it is about, of what goes and comes back with that manifest. */
  readonly subject?: string;
}

/** Why things were taken. */
export interface Reason {
  readonly kind: "collection" | "delete" | "retention";
  readonly user?: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Things that were taken together; a folder of the trash. */
export interface Batch {
  readonly name: string;
  readonly reason: Reason;
  /**
   * When the last of it was taken; if that was cut short, the first, until the next run has put it right. In milliseconds
   * by the clock of the disk.
   */
  readonly time: number;
  /** What was to be taken. Some of it may have been something else by then, or have been given back since. */
  readonly things: readonly Thing[];
  /** Whether the taking came to its end. */
  readonly whole?: boolean;
}

export function linkThing({ path, stat }: Pick<Link, "path" | "stat">): Thing {
  return { path, inode: stat.inode, modified: stat.modified };
}

/** A link as it is now, or undefined if it is not there. */
export function thingAt(disk: Disk, path: string): Thing | undefined {
  const stat = disk.stat(path);
  return stat && linkThing({ path, stat });
}

/** The folder of a blob, known by the file in it. */
export function blobThing(folder: string, data: Stat): Thing {
  return { path: folder, inode: data.inode, modified: data.modified, size: data.size };
}

/** The folders of all batches, the newest first. */
export function batchNames(disk: Disk, layout: Layout): string[] {
  const names = (disk.names(layout.trash) ?? []).filter((name) => /^\d{8}T\d{9}Z-/.test(name));
  return names.sort().reverse();
}

/** All batches, the newest first. @throws Unreadable if one does not say what it is. */
export function batchesOf(disk: Disk, layout: Layout): Batch[] {
  return batchNames(disk, layout).flatMap((name) => {
    const text = disk.read(`${layout.trash}/${name}/why.json`);
    return text === undefined ? [] : [{ name, ...contents(name, text) }];
  });
}

/** What a thing is in a batch now, or undefined if it is not in it. */
export function statIn(disk: Disk, layout: Layout, batch: Pick<Batch, "name">, path: string) {
  return disk.stat(leaf(placeIn(layout, batch, path)));
}

/** Puts a thing of a batch back in its place; false if it is not in the batch, or if there is something in its place. */
export function giveBack(disk: Disk, layout: Layout, batch: Pick<Batch, "name">, path: string): boolean {
  const place = placeIn(layout, batch, path);
  if (!disk.link(leaf(place), leaf(path))) return false;
  disk.removeFile(leaf(place));
  if (leaf(place) !== place) disk.removeFolder(place);
  return true;
}

/** Whether a thing is in its place. */
export function isThere(disk: Disk, path: string): boolean {
  return disk.stat(leaf(path)) !== undefined;
}

function contents(name: string, text: string): Omit<Batch, "name"> {
  const value: unknown = parsed(text);
  if (!isContents(value)) {
    throw new Unreadable(
      `${name} in the trash does not say what it is, and nothing goes while nobody knows: remove its folder, if nothing of it ` +
        "is wanted back",
    );
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isContents(value: unknown): value is Omit<Batch, "name"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "reason" in value &&
    "time" in value &&
    typeof value.time === "number" &&
    "things" in value &&
    Array.isArray(value.things)
  );
}
