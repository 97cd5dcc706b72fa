import type { Disk, Stat } from "./disk";
import { below, called, foldersIn } from "./entries";
import { blobData, type Layout } from "./layout";

/** All blobs there are, by digest, with what is known of their files. */
export function blobsOf(disk: Disk, layout: Layout): Map<string, Stat> {
  const blobs = new Map<string, Stat>();
  for (const algorithm of foldersIn(disk, layout.blobs, called.algorithm) ?? []) {
    for (const start of foldersIn(disk, `${layout.blobs}/${algorithm}`, called.firstDigits) ?? []) {
      const folder = `${layout.blobs}/${algorithm}/${start}`;
      for (const hex of foldersIn(disk, folder, called.digits) ?? []) {
        const digest = `${algorithm}:${hex}`;
        const path = blobData(layout, digest);
        const data = below(path, () => disk.stat(path));
        if (data !== undefined) blobs.set(digest, data);
      }
    }
  }
  return blobs;
}
