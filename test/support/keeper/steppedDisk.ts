import type { Disk } from "../../../components/keeper/program/disk";
import { hashOf, type MemoryDisk } from "./memoryDisk";
import { layout, type Operation } from "./registryClient";

/** One call of the collector to its disk. */
export interface Call {
  readonly does: keyof Disk;
  readonly paths: readonly string[];
}

const READING: readonly string[] = ["names", "stat", "read"];

export function isReading({ does }: Call): boolean {
  return READING.includes(does);
}

/** A disk that asks before each call, and tells after it. */
export function steppedDisk(
  disk: MemoryDisk,
  before: (call: Call) => void,
  after: (call: Call, answer: unknown) => void,
): Disk {
  const step = <Answer>(does: keyof Disk, paths: readonly string[], act: () => Answer): Answer => {
    const call = { does, paths };
    before(call);
    // The files of the keeper itself have no identity of their own.
    disk.nextInode = 0;
    const answer = act();
    after(call, answer);
    return answer;
  };
  return {
    names: (folder) => step("names", [folder], () => disk.names(folder)),
    stat: (path) => step("stat", [path], () => disk.stat(path)),
    read: (path) => step("read", [path], () => disk.read(path)),
    write: (path, text) => step("write", [path], () => disk.write(path, text)),
    move: (from, to) => step("move", [from, to], () => disk.move(from, to)),
    link: (from, to) => step("link", [from, to], () => disk.link(from, to)),
    removeFile: (path) => step("removeFile", [path], () => disk.removeFile(path)),
    removeFolder: (path) => step("removeFolder", [path], () => disk.removeFolder(path)),
  };
}

/**
 * Whether it may matter which of the two comes first. Two that do not conflict lead to the same state in either order, so
 * that one order stands for both.
 */
export function conflict(disk: MemoryDisk, call: Call, operation: Operation): boolean {
  const { path, does } = operation;
  const reads = does === "need" || does === "if" || does === "unless";
  if (isReading(call) && reads) return false;
  return call.paths.some((place) => {
    if (does === "restore" && place.endsWith(path.slice(layout.root.length))) return true;
    if (place === path) return true;
    if (does === "rmdir" && place.startsWith(`${path}/`)) return true;
    if (!path.startsWith(`${place}/`)) return false;
    if (!isReading(call)) return true;
    const child = path.indexOf("/", place.length + 1);
    // Whoever writes below a folder that is there does not change the folders above.
    return does !== "write" || child < 0 || !disk.has(path.slice(0, child));
  });
}

/** What the collector knows, as far as a hash tells: all that its disk answered. */
export class Trace {
  private low = 1;
  private high = 1;

  note(text: string): void {
    const [low, high] = hashOf(text);
    this.low = Math.imul(this.low ^ low, 0x01000193) ^ (this.low >>> 15);
    this.high = Math.imul(this.high ^ high, 0x5bd1e995) ^ (this.high >>> 13);
  }

  key(): string {
    return `${this.low.toString(36)}.${this.high.toString(36)}`;
  }
}
