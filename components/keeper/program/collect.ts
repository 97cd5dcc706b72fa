import { ripe } from "./candidates";
import { diskTime } from "./clock";
import type { Disk } from "./disk";
import { clearUp } from "./finish";
import { removeEmpty } from "./folders";
import { blobGroups, linkGroups } from "./free";
import { undoSecondsNow } from "./fullDisk";
import type { Answer, Context } from "./job";
import { type Layout, layoutOf } from "./layout";
import { type Look, look } from "./look";
import { identityOf } from "./mark";
import { keepsUntagged, remember } from "./memory";
import { allRules, type Rules } from "./rules";
import { bytesOf, continueRun, lastRun, noteStep, type Run, steps } from "./run";
import { sparingTags } from "./tagHistory";
import { type Group, putAllRight, takeGroups } from "./take";
import { type Batch, batchesOf, type Thing } from "./trash";
import type { LinkFile } from "./walk";

/*
 * The steps of a collection, each in a process of its own. Any of them may be cut short anywhere: what was taken lies in
 * the trash, and the first mark of the next run gives back what is needed of it and begins anew.
 */

/** What no deletion lasts, in milliseconds. */
const DELETION = 3_600_000;

/** Marks all that is needed, gives back what is missing, and notes what may be taken. */
export function mark(context: Context, rules: Rules = allRules): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const started = diskTime(disk, layout);
  // A mark keeps no deletion waiting. One that was cut short is put right by the next index, which no other runs beside.
  const isAtWork = ({ reason, time }: Batch) => reason.kind !== "collection" && time > started - DELETION;
  const batches = batchesOf(disk, layout).filter((batch) => !isAtWork(batch));
  putAllRight(disk, layout, batches, rules);
  const found = look(context, { keepsUntagged: keepsUntagged(context, started), isNew: () => false });
  const { goes } = ripe(context, found, started, rules);
  remember(context, "candidates", [...found.links, ...found.blobs], started);
  remember(context, "untagged", settings.untaggedSeconds === undefined ? [] : found.untagged, started);
  noteStep(context, {
    done: 0,
    started,
    recorded: [...found.recorded],
    links: goes.links,
    blobs: goes.blobs,
    unneeded: { links: found.links.length, blobs: found.blobs.length, bytes: bytesOf(found.blobs) },
    taken: { links: 0, blobs: 0, bytes: 0 },
    givenBack: found.givenBack,
    repositories: found.repositories,
  });
}

/** Takes the links and looks at once. */
export function takeLinks(context: Context, rules: Rules = allRules): void {
  const run = continueRun(context, "take-links");
  const isNew = newSince(run);
  const groupsOf = (disk: Disk, layout: Layout) =>
    linkGroups(disk, layout, run.links, isNew).map((group) => sparingTags(disk, group));
  const taken = take(context, groupsOf, rules);
  for (const { path } of taken) removeEmptyTag(context, path);
  noteStep(context, lookAgain(context, { ...run, taken: { ...run.taken, links: taken.length } }, rules).run);
}

/** Marks all again and gives back what is missing. It harms at no time, and after a step that failed it helps at once. */
export function lookOnce(context: Context, rules: Rules = allRules): void {
  const run = lastRun(context);
  if (run === undefined) return;
  const { run: after } = lookAgain(context, run, rules);
  if (steps[run.done] === "look") noteStep(context, after);
}

/**
 * Looks again if the last run was cut short: what a push needs by now comes back, and not with the next run, which may be
 * a day away. A run that is under way goes on as if this had not been.
 */
export function recover(context: Context): void {
  const run = lastRun(context);
  if (run !== undefined) {
    if (run.done < steps.length) lookAgain(context, run, allRules);
    return;
  }
  // What was known of it may be lost, as with the power, but not what it took.
  const layout = layoutOf(context.settings.dataFolder);
  if (!batchesOf(context.disk, layout).some(({ reason }) => reason.kind === "collection")) return;
  const now = diskTime(context.disk, layout);
  look(context, { keepsUntagged: keepsUntagged(context, now), isNew: () => false });
}

/** Takes the blobs that still nothing needs and no link points to, and looks at once. */
export function takeBlobs(context: Context, rules: Rules = allRules): void {
  const run = continueRun(context, "take-blobs");
  const taken = take(context, (disk, layout) => blobGroups(disk, layout, run.blobs), rules);
  const counted = { ...run.taken, blobs: taken.length, bytes: bytesOf(taken) };
  noteStep(context, lookAgain(context, { ...run, taken: counted }, rules).run);
}

/**
 * Looks once more, so that what a person restored meanwhile is whole, and then removes for good what may be.
 *
 * @param undoSeconds How long what was taken can be had back. Defaults to what the settings say, and less on a full disk.
 */
export function finish(context: Context, undoSeconds?: number, rules: Rules = allRules): Answer {
  const { run, found } = lookAgain(context, continueRun(context, "finish"), rules);
  const answer = clearUp(context, run, found, undoSeconds ?? undoSecondsNow(context), rules);
  noteStep(context, run);
  return answer;
}

/** A whole second mark, in which every link that the first did not see is needed, with all that it reaches. */
function lookAgain(context: Context, run: Run, rules: Rules): { run: Run; found?: Look } {
  if (!rules.again) return { run };
  const choice = { keepsUntagged: keepsUntagged(context, run.started), isNew: newSince(run) };
  const found = look(context, choice);
  const free = new Map(
    found.blobs.filter(({ path }) => found.unlinked.has(path)).map((blob) => [blob.path, blob]),
  );
  const blobs = run.blobs.filter(({ path, inode, modified }) => {
    const now = free.get(path);
    return now?.inode === inode && now.modified === modified;
  });
  return { run: { ...run, blobs, givenBack: [...run.givenBack, ...found.givenBack] }, found };
}

function take(
  { disk, settings, say, clock }: Context,
  groupsOf: (disk: Disk, layout: Layout) => Group[],
  rules: Rules,
): readonly Thing[] {
  const layout = layoutOf(settings.dataFolder);
  const groups = groupsOf(disk, layout);
  if (groups.length === 0) return [];
  say("moving what nothing needs into the trash");
  return takeGroups(disk, layout, { kind: "collection" }, groups, rules, clock).taken;
}

/** Tells which links the first mark of a run did not see. */
function newSince(run: Run): (link: LinkFile) => boolean {
  const recorded = new Set(run.recorded);
  return (link) => !recorded.has(identityOf(link));
}

/** The registry lists a tag by its folder. */
function removeEmptyTag({ disk }: Context, path: string): void {
  if (path.endsWith("/current/link")) removeEmpty(disk, path.slice(0, -"/current/link".length));
}
