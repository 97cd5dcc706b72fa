import { randomBytes } from "node:crypto";
import type { Disk } from "./disk";
import type { Layout } from "./layout";

/** Writes a link whole, and never over one that is there: false if there is one. */
export function writeLink(disk: Disk, { trash }: Layout, path: string, digest: string): boolean {
  const aside = `${trash}/link-${randomBytes(8).toString("hex")}`;
  disk.write(aside, digest);
  try {
    return disk.link(aside, path);
  } finally {
    disk.removeFile(aside);
  }
}
