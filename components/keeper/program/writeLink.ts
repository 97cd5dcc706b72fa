import { randomBytes } from "node:crypto";
import type { Disk } from "./disk";
import { type Layout, placeAside } from "./layout";

/** Writes a link whole, and never over one that is there: false if there is one. */
export function writeLink(disk: Disk, layout: Layout, path: string, digest: string): boolean {
  const aside = placeAside(layout, "link", randomBytes(8).toString("hex"));
  // After a power cut it must not be there empty.
  disk.writeThrough(aside, digest);
  try {
    return disk.link(aside, path);
  } finally {
    disk.removeFile(aside);
  }
}

/**
 * Writes a link whole that may be there, as a push does: it is another then, and whatever a run has found of the one
 * before does not count for it. Only for links named by their digest: nothing else can have come in between.
 */
export function renewLink(disk: Disk, layout: Layout, path: string, digest: string): void {
  const aside = placeAside(layout, "link", randomBytes(8).toString("hex"));
  disk.writeThrough(aside, digest);
  disk.move(aside, path);
}
