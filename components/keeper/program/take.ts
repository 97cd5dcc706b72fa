import { randomBytes } from "node:crypto";
import { type Clock, diskTime } from "./clock";
import type { Disk, Stat } from "./disk";
import { type Layout, leaf, placeIn } from "./layout";
import { allRules, type Rules } from "./rules";
import { type Batch, giveBack, type Reason, statIn, type Thing } from "./trash";

/**
 * Things that are moved together, with a quick look right before and right after: a whole mark takes its time, in which
 * an image that was pushed meanwhile could not be pulled.
 */
export interface Group {
  readonly things: readonly Thing[];
  /** Looks which of them something that was pushed may need. */
  readonly needed: () => Needed;
  /**
   * A quicker look, taken more often: what is needed by whoever pushed since the last of both; undefined if nobody did. It
   * need not see every push.
   */
  readonly glance?: () => Needed | undefined;
  /** Told of a thing that is not in its place any more, or is another: what is there from then on somebody has pushed. */
  readonly moved?: (thing: Thing) => void;
}

type Needed = (thing: Thing) => boolean;

/** How many things move between two looks, and between two glances where no time passes; more where looks take longer. */
const atALook = 48;
const atAGlance = 8;

/**
 * How long things move after a glance or a look at least, in parts of the time that it took: little, as a pull fails until
 * the next, and enough for a repository of very many manifests.
 */
const moving = 0.25;

/**
 * How long what has moved is looked at again and again, in milliseconds: a push may have asked for it just before, and
 * shows only when it ends.
 */
const watched = 1500;

/** What became of things that were to be taken. */
export interface Taken {
  readonly batch: string;
  readonly taken: readonly Thing[];
  /** Written anew since it was judged, and therefore back in its place. */
  readonly changed: readonly Thing[];
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

/**
 * The same in groups: what is found to be needed stays, or goes back.
 *
 * @param clock Left out where no time passes that pushes could end in.
 */
export function takeGroups(
  disk: Disk,
  layout: Layout,
  reason: Reason,
  groups: readonly Group[],
  rules: Rules,
  clock?: Clock,
): Taken {
  const things = groups.flatMap((group) => group.things);
  const time = diskTime(disk, layout);
  const stamp = new Date(time).toISOString().replace(/[-:.]/g, "");
  const batch = { name: `${stamp}-${reason.kind}-${randomBytes(4).toString("hex")}` };
  const why = `${layout.trash}/${batch.name}/why.json`;
  // Whatever power cut there is, what lies in a batch is written down in it.
  disk.writeThrough(why, JSON.stringify({ reason, time, things }));
  const takings: Taking[] = [];
  const watch = clock && watchOver(takings, clock);
  for (const group of groups) {
    takings.push(takeGroup(disk, layout, batch, group, rules, clock, () => watch?.look()));
    watch?.ended();
  }
  watch?.wait();
  writeWhole(disk, layout, batch.name, { reason, things });
  return {
    batch: batch.name,
    taken: takings.flatMap(({ taken }) => taken()),
    changed: takings.flatMap(({ changed }) => changed),
  };
}

/** A group of which things have moved. */
interface Taking {
  /** What is in the trash by now. */
  readonly taken: () => readonly Thing[];
  readonly changed: readonly Thing[];
  /** Gives back what somebody needs who has pushed since. */
  readonly lookAgain: () => void;
}

/** Moves a group; whoever pushes meanwhile is looked for between a few of its things. */
function takeGroup(
  disk: Disk,
  layout: Layout,
  batch: Pick<Batch, "name">,
  { things, needed, glance, moved }: Group,
  rules: Rules,
  clock: Clock | undefined,
  between: () => void,
): Taking {
  const looks = paced(needed, moving, clock);
  const glances = glance && paced(glance, moving, clock);
  let taken: Thing[] = [];
  const changed: Thing[] = [];
  // By the last look, and by each glance since.
  let needs: Needed[] = [looks.ask()];
  const isNeeded = (thing: Thing) => needs.some((isOf) => isOf(thing));
  const spare = (isOf: Needed) => {
    for (const { path } of taken.filter(isOf)) giveBack(disk, layout, batch, path);
    taken = taken.filter((thing) => !isOf(thing));
  };
  const look = () => {
    needs = [looks.ask()];
    spare(isNeeded);
  };
  const lookQuickly = (isOf: Needed | undefined) => {
    if (isOf === undefined) return;
    needs.push(isOf);
    spare(isOf);
  };
  for (const [number, thing] of things.entries()) {
    if (number > 0 && number % atALook === 0 && looks.isDue()) look();
    else if (clock === undefined ? number % atAGlance === 0 : glances?.isDue()) lookQuickly(glances?.ask());
    if (isNeeded(thing)) continue;
    const what = moveOne(disk, layout, batch, thing, rules);
    moved?.(thing);
    if (what === "changed") changed.push(thing);
    if (what === "gone") taken.push(thing);
    between();
  }
  if (taken.length > 0) look();
  return {
    taken: () => taken,
    changed,
    lookAgain() {
      if (taken.length === 0) return;
      if (glance === undefined) look();
      else lookQuickly(glance());
    },
  };
}

/** A question that is due once `rest` times as long has gone by as the last answer took; always where no time passes. */
function paced<Answer>(question: () => Answer, rest: number, clock?: Clock) {
  if (clock === undefined) return { isDue: () => true, ask: question };
  let due = clock.now();
  return {
    isDue: () => clock.now() >= due,
    ask() {
      const began = clock.now();
      const answer = question();
      const ended = clock.now();
      due = ended + rest * (ended - began);
      return answer;
    },
  };
}

/** Looks again at what has moved a moment ago, as often as that takes half of the time. */
function watchOver(takings: readonly Taking[], clock: Clock) {
  const ends: number[] = [];
  let first = 0;
  const recent = paced(
    () => {
      const now = clock.now();
      while (first < ends.length && (ends[first] ?? 0) + watched < now) first++;
      for (const taking of takings.slice(first)) taking.lookAgain();
    },
    1,
    clock,
  );
  const look = () => {
    if (recent.isDue()) recent.ask();
  };

  return {
    look,
    /** The last group has moved. */
    ended() {
      ends.push(clock.now());
      look();
    },
    /** Goes on until all has lain there for long enough. */
    wait() {
      const until = (ends.at(-1) ?? 0) + watched;
      while (takings.some(({ taken }) => taken().length > 0) && clock.now() < until) {
        clock.pause(3);
        look();
      }
    },
  };
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
export function putAllRight(
  disk: Disk,
  layout: Layout,
  batches: readonly Batch[],
  rules: Rules = allRules,
): void {
  if (!rules.identity) return;
  for (const batch of batches) {
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
  const text = JSON.stringify({ reason, time, things, whole: true });
  disk.writeThrough(`${layout.trash}/${name}/why.json`, text);
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
