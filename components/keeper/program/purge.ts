import type { Disk } from "./disk";
import { removeAll } from "./folders";
import type { Layout } from "./layout";
import { allRules, type Rules } from "./rules";
import { batchesOf, batchNames } from "./trash";

/** When a batch may be purged; all in milliseconds. */
export interface Patience {
  /** When the first mark of this run began, and what it is now, by the clock of the disk. */
  readonly started: number;
  readonly now: number;
  /** How long a batch lies in the trash at least before a whole mark begins. */
  readonly minimum: number;
  /** How long what was taken can be had back. */
  readonly undo: number;
}

/**
 * Removes for good what lay in the trash for long enough, and for the whole of a mark that began after the minimum: that
 * mark gave back what was needed. Links go before blobs, so that what is left of a purge cut short cannot be restored
 * to something that is not whole.
 */
export function purge(
  disk: Disk,
  layout: Layout,
  { started, now, minimum, undo }: Patience,
  rules: Rules = allRules,
): { batches: number; bytes: number } {
  const old = batchesOf(disk, layout).filter(
    ({ time }) => !rules.wait || (time + minimum <= started && time + undo <= now),
  );
  let bytes = 0;
  for (const { name } of old) {
    const folder = `${layout.trash}/${name}`;
    bytes += removeAll(disk, `${folder}/repositories`) + removeAll(disk, `${folder}/blobs`);
    removeAll(disk, folder);
  }
  // What is left of a purge that was cut short at its last step, or of a taking at its first.
  const known = new Set(batchesOf(disk, layout).map(({ name }) => name));
  for (const name of batchNames(disk, layout))
    if (!known.has(name)) removeAll(disk, `${layout.trash}/${name}`);
  return { batches: old.length, bytes };
}
