import { diskTime } from "./clock";
import { minuteText } from "./format";
import { isDiskFull, undoSecondsNow } from "./fullDisk";
import type { Context } from "./job";
import { layoutOf } from "./layout";

/** How long what is in the trash can be had back at least, in milliseconds: on a full disk only for the minimum. */
export function keptFor(context: Context): number {
  return Math.max(undoSecondsNow(context), context.settings.minimumTrashSeconds) * 1000;
}

/** Until when what is taken now can be had back, in milliseconds by the clock of the disk. */
export function undoneUntil(context: Context): number {
  return diskTime(context.disk, layoutOf(context.settings.dataFolder)) + keptFor(context);
}

/** The same for a person, with the command that brings it back. */
export function undoText(context: Context, until: number, reference: string): string {
  const why = isDiskFull(context) ? ", and no longer, as the disk is too full for pushes" : "";
  return `Until ${minuteText(until)} it can be undone${why}: restore ${reference}\n`;
}
