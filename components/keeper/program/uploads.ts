import type { Disk } from "./disk";
import { called, foldersIn } from "./entries";
import { largest } from "./extremes";
import { removeAll } from "./folders";
import type { Layout } from "./layout";
import { repositoryNames } from "./walk";

/**
 * Removes the uploads in which nothing was written since a time, in milliseconds by the clock of the disk. The registry
 * goes by when an upload began, which says nothing of one that takes long.
 *
 * @param first What is done with the folder of an upload before. Defaults to nothing.
 */
export function removeUploads(
  disk: Disk,
  layout: Layout,
  before: number,
  first: (folder: string) => void = () => {},
): { uploads: number; bytes: number } {
  let uploads = 0;
  let bytes = 0;
  for (const repository of repositoryNames(disk, layout)) {
    const folder = `${layout.repositories}/${repository}/_uploads`;
    for (const id of foldersIn(disk, folder, called.digits) ?? []) {
      if (newestIn(disk, `${folder}/${id}`) > before) continue;
      first(`${folder}/${id}`);
      uploads += 1;
      bytes += removeAll(disk, `${folder}/${id}`);
    }
  }
  return { uploads, bytes };
}

/** When something in a folder was written last; an empty folder counts itself. */
function newestIn(disk: Disk, path: string): number {
  const stat = disk.stat(path);
  if (stat === undefined) return 0;
  if (!stat.isFolder) return stat.modified;
  const inner = (disk.names(path) ?? []).map((name) => newestIn(disk, `${path}/${name}`));
  return inner.length === 0 ? stat.modified : largest(inner);
}
