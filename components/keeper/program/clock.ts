import type { Disk } from "./disk";
import type { Layout } from "./layout";

/** What a file system may lag behind in writing down times, in milliseconds. */
const LAG = 2000;

/**
 * Now, in milliseconds, by the clock of the disk: all that is judged is judged by times that the disk wrote down, and the
 * keeper's own clock may be another.
 */
export function diskTime(disk: Disk, { trash }: Layout): number {
  const probe = `${trash}/clock`;
  disk.write(probe, "");
  const written = disk.stat(probe);
  if (written === undefined) throw new Error(`${probe} was written and is not there`);
  return written.modified - LAG;
}

/** A clock that only goes forward. */
export interface Clock {
  /** In milliseconds since any moment. */
  now(): number;
  pause(milliseconds: number): void;
}
