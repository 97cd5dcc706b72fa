import { diskTime } from "./clock";
import { prune } from "./folders";
import { sizeText } from "./format";
import type { Answer, Context } from "./job";
import { type Layout, layoutOf } from "./layout";
import type { Look } from "./look";
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
  return { text: `${summary}\n`, json };
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
