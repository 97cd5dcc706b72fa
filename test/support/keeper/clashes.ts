import type { MemoryDisk } from "./memoryDisk";
import { layout, type Operation } from "./registryClient";
import { type Event, isReading } from "./steppedDisk";

/** Whether two steps clash; a path if they do unless there is a folder at that path. */
export type Clash = boolean | string;

/**
 * Whether it may matter which of the two comes first. Two that do not clash lead to the same state in either order, so
 * that one order stands for both.
 */
export function clashes(disk: MemoryDisk, event: Event, operation: Operation): boolean {
  return isClash(disk, clashOf(event, operation));
}

export function isClash(disk: MemoryDisk, clash: Clash | undefined): boolean {
  return typeof clash === "string" ? !disk.has(clash) : clash === true;
}

export function clashOf(event: Event, operation: Operation): Clash {
  return event.paths.map((place) => clashAt(event, place, operation)).reduce(either, false);
}

/** The same for the steps of two clients. */
export function collide(one: Operation, other: Operation): boolean {
  if (isReadingFile(one) && isReadingFile(other)) return false;
  return (
    one.path === other.path || one.path.startsWith(`${other.path}/`) || other.path.startsWith(`${one.path}/`)
  );
}

function isReadingFile({ does }: Operation): boolean {
  return does === "need" || does === "if" || does === "unless";
}

function either(one: Clash, other: Clash): Clash {
  return one === true || other === false ? one : other;
}

function clashAt(event: Event, place: string, operation: Operation): Clash {
  const { does, path } = operation;
  const readsFile = isReadingFile(operation);
  if (event.does === "note") return !readsFile && path.includes(place);
  if (readsFile && isReading(event)) return false;
  if (does === "restore" && place.endsWith(path.slice(layout.root.length))) return true;
  if (place === path) return true;
  if (does === "rmdir" && place.startsWith(`${path}/`)) return true;
  if (!path.startsWith(`${place}/`)) return false;
  if (!isReading(event) && event.does !== "removeFolder") return true;
  // Only an empty folder can be removed, so that no file goes with it.
  if (readsFile) return false;
  const child = path.indexOf("/", place.length + 1);
  // What happens below a folder that stays does not change the folders above.
  return child < 0 || (does === "write" || does === "restore" ? path.slice(0, child) : false);
}
