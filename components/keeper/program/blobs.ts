import type { Disk, Stat } from "./disk";
import { blobData, type Layout } from "./layout";

/** All blobs there are, by digest, with what is known of their files. */
export function blobsOf(disk: Disk, layout: Layout): Map<string, Stat> {
  const blobs = new Map<string, Stat>();
  for (const algorithm of disk.names(layout.blobs) ?? []) {
    for (const start of disk.names(`${layout.blobs}/${algorithm}`) ?? []) {
      for (const hex of disk.names(`${layout.blobs}/${algorithm}/${start}`) ?? []) {
        const digest = `${algorithm}:${hex}`;
        const data = disk.stat(blobData(layout, digest));
        if (data !== undefined) blobs.set(digest, data);
      }
    }
  }
  return blobs;
}
