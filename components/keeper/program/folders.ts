import type { Disk } from "./disk";

/** What the registry calls files that it has not put in their place yet (`PutContent` in its file system driver). */
const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** What is removed below a folder, besides empty folders. */
export interface Pruning {
  /** Folders that were changed later stay, in milliseconds by the clock of the disk: the registry may be about to write. */
  readonly emptyBefore: number;
  /** What the registry left unfinished before goes. */
  readonly unfinishedBefore: number;
  /** Whether a folder stays although it is empty. */
  readonly stays: (folder: string) => boolean;
}

/**
 * Removes empty folders, the inner ones first, and what the registry left unfinished; and the folder itself if nothing
 * is left in it. Only ever empties: a folder with anything in it cannot be removed, whoever writes meanwhile.
 *
 * @returns How many folders went.
 */
export function prune(disk: Disk, folder: string, pruning: Pruning): number {
  const before = disk.stat(folder);
  const names = disk.names(folder);
  if (before === undefined || names === undefined) return 0;
  // A link or the file of a blob is alone in its folder, or with something unfinished.
  const inner = names.filter((name) => name !== "link" && name !== "data");
  const removed = inner
    .map((name) => pruneEntry(disk, `${folder}/${name}`, pruning))
    .reduce((a, b) => a + b, 0);
  const mayGo =
    inner.length === names.length && before.modified <= pruning.emptyBefore && !pruning.stays(folder);
  return removed + (mayGo && disk.removeFolder(folder) ? 1 : 0);
}

/** Removes a folder if there are only empty folders in it, however new. */
export function removeEmpty(disk: Disk, folder: string): void {
  prune(disk, folder, { emptyBefore: Infinity, unfinishedBefore: -Infinity, stays: () => false });
}

function pruneEntry(disk: Disk, path: string, pruning: Pruning): number {
  const stat = disk.stat(path);
  if (stat?.isFolder) return prune(disk, path, pruning);
  if (stat !== undefined && UNFINISHED.test(path) && stat.modified <= pruning.unfinishedBefore) {
    disk.removeFile(path);
  }
  return 0;
}

/** Removes a folder with all that is in it, and answers with the size of the files. */
export function removeAll(disk: Disk, folder: string): number {
  let bytes = 0;
  for (const name of disk.names(folder) ?? []) {
    const path = `${folder}/${name}`;
    const stat = disk.stat(path);
    if (stat?.isFolder) bytes += removeAll(disk, path);
    else if (stat !== undefined && disk.removeFile(path)) bytes += stat.size;
  }
  disk.removeFolder(folder);
  return bytes;
}
