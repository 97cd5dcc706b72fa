import { truncateSync } from "node:fs";
import { diskTime } from "./clock";
import type { Disk } from "./disk";
import { diskFlag, flagPath } from "./flags";
import { minuteText, sizeText } from "./format";
import type { Context } from "./job";
import { type Layout, layoutOf, leaf } from "./layout";
import { recall } from "./memory";
import { stateFile } from "./stateFile";
import { batchesOf, statIn } from "./trash";
import { removeUploads } from "./uploads";

/*
 * What is different while the disk is too full for pushes, which the shell says by a flag.
 */

/** Whether pushes are refused now. */
export function isDiskFull({ disk, settings }: Context): boolean {
  return disk.stat(flagPath(settings, diskFlag)) !== undefined;
}

/** How long what was taken can be had back: on a full disk no longer than the minimum. */
export function undoSecondsNow(context: Context): number {
  return isDiskFull(context) ? 0 : context.settings.undoSeconds;
}

/**
 * Gives back what needs no look at images, and no room to write in, of which a collection needs some: uploads that are
 * silent for long, as a full disk has cut them off and their clients have long been told. They are emptied first: the
 * registry leaves the file of such an upload open (3.1.2), and what is open goes on taking room without a name.
 */
export function relieve(context: Context): void {
  const { disk, settings } = context;
  if (!isDiskFull(context)) return;
  const layout = layoutOf(settings.dataFolder);
  const seconds = Math.min(settings.uploadSeconds, settings.minimumTrashSeconds);
  removeUploads(disk, layout, diskTime(disk, layout) - seconds * 1000, (folder) => {
    if (disk.stat(`${folder}/data`) !== undefined) truncateSync(`${folder}/data`);
  });
}

/** Writes down in one sentence when space comes back by itself, for whoever is refused. */
export function lookAhead(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const minimum = settings.minimumTrashSeconds * 1000;
  const grace = settings.graceSeconds * 1000;
  const inTrash = trashedBlobs(disk, layout).map(({ time, bytes }) => ({ time: time + minimum, bytes }));
  const unneeded = Object.entries(recall(context, "candidates")).flatMap(([path, { since }]) => {
    const bytes = path.startsWith(layout.blobs) ? disk.stat(leaf(path))?.size : undefined;
    return bytes === undefined ? [] : [{ time: since + grace + minimum, bytes }];
  });
  const coming = [...inTrash, ...unneeded];
  const bytes = coming.reduce((sum, one) => sum + one.bytes, 0);
  const first = coming.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const sentence =
    bytes === 0
      ? "nothing waits to be removed: delete images, or have the disk made larger"
      : `the next space can come at ${minuteText(Math.max(first, now))}, and ${sizeText(bytes)} in all; delete images for more`;
  disk.write(stateFile(context, "outlook"), `${sentence}\n`);
}

/** How many bytes of blobs each batch has in the trash still, and when it was taken, by the clock of the disk. */
function trashedBlobs(disk: Disk, layout: Layout): { readonly time: number; readonly bytes: number }[] {
  return batchesOf(disk, layout).flatMap((batch) => {
    const blobs = batch.things.filter(({ path }) => path.startsWith(layout.blobs));
    const sizes = blobs.map(({ path }) => statIn(disk, layout, batch, path)?.size ?? 0);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return bytes === 0 ? [] : [{ time: batch.time, bytes }];
  });
}
