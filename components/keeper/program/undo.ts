import { diskTime } from "./clock";
import type { Context } from "./job";
import { layoutOf } from "./layout";

/** Until when what is taken now can be had back, in milliseconds by the clock of the disk. */
export function undoneUntil({ disk, settings }: Context): number {
  return diskTime(disk, layoutOf(settings.dataFolder)) + settings.undoSeconds * 1000;
}
