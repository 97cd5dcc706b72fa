import type { Disk } from "./disk";
import { blobData, type Layout } from "./layout";

/** All blobs with their sizes in bytes, by digest. */
export function blobsOnDisk(disk: Disk, layout: Layout): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const algorithm of disk.names(layout.blobs) ?? []) {
    for (const start of disk.names(`${layout.blobs}/${algorithm}`) ?? []) {
      for (const hex of disk.names(`${layout.blobs}/${algorithm}/${start}`) ?? []) {
        const digest = `${algorithm}:${hex}`;
        const stat = disk.stat(blobData(layout, digest));
        if (stat !== undefined) sizes.set(digest, stat.size);
      }
    }
  }
  return sizes;
}
