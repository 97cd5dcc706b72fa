import { diskTime } from "./clock";
import { minuteText, sizeText } from "./format";
import type { Context } from "./job";
import { layoutOf } from "./layout";
import { recall } from "./memory";
import { trashedBlobs } from "./trashed";
import { removeUploads } from "./uploads";

/*
 * What is different while the disk is too full for pushes, which the shell says by a flag.
 */

/** Whether pushes are refused now. */
export function isDiskFull({ disk, settings }: Context): boolean {
  return disk.stat(`${settings.controlFolder}/flags/disk`) !== undefined;
}

/** How long what was taken can be had back: on a full disk no longer than the minimum. */
export function undoSecondsNow(context: Context): number {
  return isDiskFull(context) ? 0 : context.settings.undoSeconds;
}

/** How long an upload may be silent: what a full disk has cut off fills it, and its client has long been told. */
export function uploadSecondsNow(context: Context): number {
  const { uploadSeconds, minimumTrashSeconds } = context.settings;
  return isDiskFull(context) ? Math.min(uploadSeconds, minimumTrashSeconds) : uploadSeconds;
}

/** Gives back what needs no look at images, and no room to write in: a collection needs some. */
export function relieve(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  removeUploads(disk, layout, diskTime(disk, layout) - uploadSecondsNow(context) * 1000);
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
    const bytes = path.startsWith(layout.blobs) ? disk.stat(`${path}/data`)?.size : undefined;
    return bytes === undefined ? [] : [{ time: since + grace + minimum, bytes }];
  });
  const coming = [...inTrash, ...unneeded];
  const bytes = coming.reduce((sum, one) => sum + one.bytes, 0);
  const first = coming.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const sentence =
    bytes === 0
      ? "nothing waits to be removed: delete images, or have the disk made larger"
      : `the next space can come at ${minuteText(Math.max(first, now))}, and ${sizeText(bytes)} in all; delete images for more`;
  disk.write(`${settings.controlFolder}/state/outlook`, `${sentence}\n`);
}
