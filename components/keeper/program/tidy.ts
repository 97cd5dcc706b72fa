import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { answersFolder } from "./answers";
import { tidyAudit } from "./audit";
import { diskTime } from "./clock";
import { largest } from "./extremes";
import { flagsFolder } from "./flags";
import type { Context } from "./job";
import { isAside, layoutOf } from "./layout";
import { halfWritten } from "./nodeDisk";
import type { Settings } from "./settings";

const HOUR = 3_600_000;
/** Nothing works on an answer for so long without a word. */
const DAY = 24 * HOUR;

/**
 * Removes answers that were there for an hour, requests that nobody took for as long, what a job that was killed has left
 * half written, and old audit files.
 */
export function tidy(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  for (const folder of inside(answersFolder(settings))) {
    const finished = modified(join(folder, "status"));
    const newest = largest([folder, ...inside(folder)].map((path) => modified(path) ?? 0));
    const old = finished === undefined ? now - newest > DAY : now - finished > HOUR;
    if (old) rmSync(folder, { recursive: true, force: true });
  }
  for (const request of inside(requestsFolder(settings))) {
    if (now - (modified(request) ?? now) > HOUR) rmSync(request, { recursive: true, force: true });
  }
  for (const path of [...foldersOfFiles(settings), layout.trash].flatMap(inside)) {
    const isUnfinished = halfWritten.test(path) || isAside(path);
    if (isUnfinished && now - (modified(path) ?? now) > HOUR) rmSync(path, { recursive: true, force: true });
  }
  tidyAudit(context, now);
}

function requestsFolder({ controlFolder }: Settings): string {
  return join(controlFolder, "requests");
}

/** Where the keeper writes in the control volume, but for the answers, which go with their folders. */
function foldersOfFiles({ controlFolder }: Settings): string[] {
  return ["state", flagsFolder, "backup"].map((name) => join(controlFolder, name));
}

/** What a folder holds, none if it is not there. Links are not followed, here and below: the proxy writes here, too. */
function inside(folder: string): string[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function modified(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
