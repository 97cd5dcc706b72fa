import { randomBytes } from "node:crypto";
import { diskTime } from "./clock";
import type { Disk, Stat } from "./disk";
import { Unreadable } from "./job";
import { type Layout, leaf, placeIn } from "./layout";
import { allRules, type Rules } from "./rules";
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

/**
 * Things that are moved together, with a quick look right before and right after: a whole mark takes its time, in which
 * an image that was pushed meanwhile could not be pulled.
 */
export interface Group {
  readonly things: readonly Thing[];
  /** Looks which of them something that was pushed may need. */
  readonly needed: () => (thing: Thing) => boolean;
  /** A quicker look, taken more often: whether somebody pushed since `needed` was asked. It need not see every push. */
  readonly glance?: () => boolean;
}

/** How many things move between two glances. */
const atAGlance = 8;

/** What became of things that were to be taken. */
export interface Taken {
  readonly batch: string;
  readonly taken: readonly Thing[];
  /** Written anew since it was judged, and therefore back in its place. */
  readonly changed: readonly Thing[];
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

/**
 * Moves things into a new batch of the trash. What was to be taken is written down first, so that a batch that was cut
 * short can be put right: whatever turns out not to be what was judged goes back at once.
 */
export function takeAll(
  disk: Disk,
  layout: Layout,
  reason: Reason,
  things: readonly Thing[],
  rules: Rules = allRules,
): Taken {
  return takeGroups(disk, layout, reason, [{ things, needed: () => () => false }], rules);
}

/** The same in groups: what is found to be needed stays, or goes back. */
export function takeGroups(
  disk: Disk,
  layout: Layout,
  reason: Reason,
  groups: readonly Group[],
  rules: Rules,
): Taken {
  const things = groups.flatMap((group) => group.things);
  const time = diskTime(disk, layout);
  const stamp = new Date(time).toISOString().replace(/[-:.]/g, "");
  const batch = { name: `${stamp}-${reason.kind}-${randomBytes(4).toString("hex")}` };
  const why = `${layout.trash}/${batch.name}/why.json`;
  disk.write(why, JSON.stringify({ reason, time, things }));
  // Whatever power cut there is, what lies in a batch is written down in it.
  disk.sync(why);
  const taken: Thing[] = [];
  const changed: Thing[] = [];
  for (const group of groups) {
    let isNeeded = group.needed();
    let moved: Thing[] = [];
    const spare = () => {
      isNeeded = group.needed();
      for (const { path } of moved.filter(isNeeded)) giveBack(disk, layout, batch, path);
      moved = moved.filter((thing) => !isNeeded(thing));
    };
    for (let first = 0; first < group.things.length; first += atAGlance) {
      if (group.glance?.() === true) spare();
      const part = group.things.slice(first, first + atAGlance).filter((thing) => !isNeeded(thing));
      for (const thing of part) {
        const what = moveOne(disk, layout, batch, thing, rules);
        if (what === "changed") changed.push(thing);
        if (what === "gone") moved.push(thing);
      }
    }
    if (moved.length > 0) spare();
    taken.push(...moved);
  }
  writeWhole(disk, layout, batch.name, { reason, things });
  return { batch: batch.name, taken, changed };
}

/** Moves a thing into a batch, if it is there and what was judged. */
function moveOne(
  disk: Disk,
  layout: Layout,
  batch: Pick<Batch, "name">,
  thing: Thing,
  { identity }: Rules,
): "gone" | "changed" | "absent" {
  // Whoever pulls what was pushed again since the look would miss it until it is back.
  if (identity && isOther(disk, thing)) return "changed";
  if (!disk.move(thing.path, placeIn(layout, batch, thing.path))) return "absent";
  return !identity || putRight(disk, layout, batch, thing) ? "gone" : "changed";
}

/** Puts batches right that were cut short: what in them is not what was judged goes back, and the rest counts from now. */
export function putAllRight(disk: Disk, layout: Layout, rules: Rules = allRules): void {
  if (!rules.identity) return;
  for (const batch of batchesOf(disk, layout)) {
    if (batch.whole) continue;
    for (const thing of batch.things) putRight(disk, layout, batch, thing);
    writeWhole(disk, layout, batch.name, batch);
  }
}

/** Writes down that a taking has come to its end. */
function writeWhole(
  disk: Disk,
  layout: Layout,
  name: string,
  { reason, things }: Pick<Batch, "reason" | "things">,
): void {
  const time = diskTime(disk, layout);
  disk.write(`${layout.trash}/${name}/why.json`, JSON.stringify({ reason, time, things, whole: true }));
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

/** Whether there is something else in the place of a thing than what was judged. */
function isOther(disk: Disk, thing: Thing): boolean {
  const now = disk.stat(leaf(thing.path));
  return now !== undefined && !isWhatWasJudged(now, thing);
}

function isWhatWasJudged(found: Stat, { inode, modified }: Thing): boolean {
  return found.inode === inode && found.modified === modified;
}

/** Whether a thing in a batch is what was judged; if it is something else, it goes back. */
function putRight(disk: Disk, layout: Layout, batch: Pick<Batch, "name">, thing: Thing): boolean {
  const there = statIn(disk, layout, batch, thing.path);
  if (there === undefined) return false;
  if (isWhatWasJudged(there, thing)) return true;
  giveBack(disk, layout, batch, thing.path);
  return false;
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
