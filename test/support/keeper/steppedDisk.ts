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

/** The same for the steps of two clients. */
export function collide(one: Operation, other: Operation): boolean {
  const reads = ({ does }: Operation) => does === "need" || does === "if" || does === "unless";
  if (reads(one) && reads(other)) return false;
  return (
    one.path === other.path || one.path.startsWith(`${other.path}/`) || other.path.startsWith(`${one.path}/`)
  );
}

/**
 * What the collector knows, as far as a hash tells: what its disk answered since the step began, but for what its code
 * forgets. That is what it read in a round of looking when it begins another, and, when it empties folders, what it read
 * in those that it has left.
 */
export class Trace {
  private value = 0;
  private beforeLooking: number | undefined;
  /** The folders that it is in, with the value before each. */
  private readonly folders: { readonly folder: string; readonly value: number }[] = [];
  private emptying = false;

  /** @param hasSubjects Whether it remembers, when it empties folders, which of them say that a subject was here. */
  constructor(private readonly hasSubjects: boolean) {}

  note(text: string): void {
    const [low, high] = hashOf(text);
    this.value =
      (Math.imul((this.value % 0x100000000) ^ low, 0x01000193) >>> 0) + (high >>> 11) * 0x100000000;
  }

  noteCall({ does, paths }: Call, answer: unknown): void {
    const [path = ""] = paths;
    if (this.emptying) {
      for (
        let top = this.folders.at(-1);
        top && !`${path}/`.startsWith(`${top.folder}/`);
        top = this.folders.at(-1)
      ) {
        this.value = top.value;
        this.folders.pop();
      }
      if (does === "names") this.folders.push({ folder: path, value: this.value });
    }
    this.note(`${does} ${paths} ${typeof answer === "string" ? answer : JSON.stringify(answer)}`);
  }

  noteProgress(progress: string): void {
    if (progress === "reading what is in the trash") {
      this.beforeLooking ??= this.value;
      this.value = this.beforeLooking;
    }
    if (progress === "removing empty folders") {
      this.emptying = true;
      if (!this.hasSubjects) this.value = 0;
    }
  }

  key(): string {
    return this.value.toString(36);
  }
}
