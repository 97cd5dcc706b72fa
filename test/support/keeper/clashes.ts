import type { MemoryDisk } from "./memoryDisk";
import { layout, type Operation } from "./registryClient";
import { type Call, isReading } from "./steppedDisk";

/** Whether two steps clash; a path if they do unless there is a folder at that path. */
export type Clash = boolean | string;

/**
 * Whether it may matter which of the two comes first. Two that do not clash lead to the same state in either order, so
 * that one order stands for both.
 */
export function clashes(disk: MemoryDisk, call: Call, operation: Operation): boolean {
  return isClash(disk, clashOf(call, operation));
}

export function isClash(disk: MemoryDisk, clash: Clash | undefined): boolean {
  return typeof clash === "string" ? !disk.has(clash) : clash === true;
}

export function clashOf(call: Call, operation: Operation): Clash {
  return call.paths.map((place) => clashAt(call, place, operation)).reduce(either, false);
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

function clashAt(call: Call, place: string, operation: Operation): Clash {
  const { does, path } = operation;
  const readsFile = isReadingFile(operation);
  if (readsFile && isReading(call)) return false;
  if (does === "restore" && place.endsWith(path.slice(layout.root.length))) return true;
  if (place === path) return true;
  if (does === "rmdir" && place.startsWith(`${path}/`)) return true;
  if (!path.startsWith(`${place}/`)) return false;
  if (!isReading(call) && call.does !== "removeFolder") return true;
  // Only an empty folder can be removed, so that no file goes with it.
  if (readsFile) return false;
  const child = path.indexOf("/", place.length + 1);
  // What happens below a folder that stays does not change the folders above.
  return child < 0 || (does === "write" || does === "restore" ? path.slice(0, child) : false);
}
