import { diskTime } from "./clock";
import { smallest } from "./extremes";
import { prune } from "./folders";
import { counted, minuteText, sizeText } from "./format";
import type { Answer, Context } from "./job";
import { type Layout, layoutOf } from "./layout";
import type { Look } from "./look";
import { recall } from "./memory";
import { purge } from "./purge";
import { allRules, type Rules } from "./rules";
import type { Run } from "./run";
import { noteRun } from "./status";
import { removeUploads } from "./uploads";

/** Removes for good what may be: old batches, abandoned uploads, empty folders; and says what the run did. */
export function clearUp(
  context: Context,
  run: Run,
  found: Look | undefined,
  undoSeconds: number,
  rules: Rules = allRules,
): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const minimum = settings.minimumTrashSeconds * 1000;
  const patience = { started: run.started, now, minimum, undo: undoSeconds * 1000 };
  const purged = purge(disk, layout, patience, rules);
  const uploads = removeUploads(disk, layout, now - settings.uploadSeconds * 1000);
  const folders = removeEmptyFolders(context, layout, now, found?.evidence ?? new Set());
  const { recorded: _, links: _links, blobs: _blobs, done: _done, ...counts } = run;
  const json = { ...counts, purged, uploads, folders, lost: found?.lost ?? [] };
  const summary =
    `took ${run.taken.blobs} blobs (${sizeText(run.taken.bytes)}) and ${run.taken.links} links, ` +
    `gave ${run.givenBack.length} back, removed ${sizeText(purged.bytes + uploads.bytes)} for good`;
  const problem =
    json.lost.length === 0 ? {} : { problem: `images that are not whole: ${json.lost.join("; ")}` };
  noteRun(context, "collection", {
    ended: new Date(now).toISOString(),
    ok: true,
    summary,
    done: purged.bytes + uploads.bytes,
    ...problem,
  });
  return { text: `${summary}\n${waitingText(context, run)}`, json };
}

/** What nothing needs and may not go yet, for who asked and sees that little was taken. */
function waitingText(context: Context, { unneeded, taken, links, blobs }: Run): string {
  const [moreLinks, moreBlobs] = [unneeded.links - taken.links, unneeded.blobs - taken.blobs];
  if (moreLinks <= 0 && moreBlobs <= 0) return "";
  const ripe = new Set([...links, ...blobs].map(({ path }) => path));
  const times = Object.entries(recall(context, "candidates"))
    .filter(([path]) => !ripe.has(path))
    .map(([, { since, modified }]) => Math.max(since, modified));
  if (times.length === 0) return "";
  const first = smallest(times) + context.settings.graceSeconds * 1000;
  return (
    `${counted(moreBlobs, "blob")} (${sizeText(unneeded.bytes - taken.bytes)}) and ${counted(moreLinks, "link")} that nothing ` +
    `needs wait for their grace: the first may go with a collection after ${minuteText(first)}\n`
  );
}

/** A repository is in the registry's list by its folder of manifests; so one without any leaves the list. */
function removeEmptyFolders(
  { disk, settings, say }: Context,
  { repositories }: Layout,
  now: number,
  evidence: ReadonlySet<string>,
): number {
  say("removing empty folders");
  return prune(disk, repositories, {
    emptyBefore: now - settings.settleSeconds * 1000,
    unfinishedBefore: now - settings.uploadSeconds * 1000,
    stays: (folder) => folder === repositories || evidence.has(folder),
  });
}
