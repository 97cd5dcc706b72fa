import type { MemoryDisk } from "./memoryDisk";
import { layout, type Operation, type Request } from "./registryClient";
import { type Call, isReading } from "./steppedDisk";

/** Whether two steps clash; a path if they do unless there is a folder at that path. */
type Clash = boolean | string;

/**
 * Whether it may matter which of the two comes first. Two that do not clash lead to the same state in either order, so
 * that one order stands for both.
 */
export function clashes(disk: MemoryDisk, call: Call, operation: Operation): boolean {
  const clash = clashOf(call, operation);
  return typeof clash === "string" ? !disk.has(clash) : clash;
}

const asides = new WeakMap<readonly (readonly Request[])[], Map<string, boolean>>();

/** Whether a call clashes with no operation of any script, whatever there is on the disk. */
export function isAside(call: Call, scripts: readonly (readonly Request[])[]): boolean {
  return known(asides, scripts, call.text, () =>
    scripts.flat().every(({ operations }) => operations.every((each) => clashOf(call, each) === false)),
  );
}

const clashesKnown = new WeakMap<Operation, Map<string, Clash>>();

function clashOf(call: Call, operation: Operation): Clash {
  return known(clashesKnown, operation, call.text, () =>
    call.paths.map((place) => clashAt(call, place, operation)).reduce(either, false),
  );
}

/** What was found out once, or is now. */
function known<Of extends object, What>(
  all: WeakMap<Of, Map<string, What>>,
  of: Of,
  key: string,
  findOut: () => What,
): What {
  let ofThis = all.get(of);
  if (ofThis === undefined) {
    ofThis = new Map();
    all.set(of, ofThis);
  }
  let what = ofThis.get(key);
  if (what === undefined) {
    what = findOut();
    ofThis.set(key, what);
  }
  return what;
}

function either(one: Clash, other: Clash): Clash {
  return one === true || other === false ? one : other;
}

function clashAt(call: Call, place: string, { does, path }: Operation): Clash {
  if (isReading(call) && isReadingOperation(does)) return false;
  if (does === "restore" && place.endsWith(path.slice(layout.root.length))) return true;
  if (place === path) return true;
  if (does === "rmdir" && place.startsWith(`${path}/`)) return true;
  if (!path.startsWith(`${place}/`)) return false;
  if (!isReading(call) || does !== "write") return true;
  const child = path.indexOf("/", place.length + 1);
  // Whoever writes below a folder that is there does not change the folders above.
  return child < 0 || path.slice(0, child);
}

function isReadingOperation(does: Operation["does"]): boolean {
  return does === "need" || does === "if" || does === "unless";
}
