import type { Disk } from "../../../components/keeper/program/disk";
import { fixed, type MemoryDisk } from "./memoryDisk";

/** What happens at one moment, between two of which clients may act. */
export interface Event {
  /** A call of the collector to its disk; or the model notes which tags there are. */
  readonly does: keyof Disk | "note";
  readonly paths: readonly string[];
  /** Both in one: equal for equal events. */
  readonly text: string;
}

/** A call, and how to do it. */
export interface Call extends Event {
  readonly does: keyof Disk;
  readonly on: (disk: MemoryDisk) => Answer;
}

export type Answer = ReturnType<Disk[keyof Disk]>;

const READING: readonly string[] = ["names", "stat", "read"];

export function isReading({ does }: Event): boolean {
  return READING.includes(does);
}

/** A disk that answers each call as it is told to. */
export function steppedDisk(answer: (call: Call) => Answer): Disk {
  const step = <Kind extends keyof Disk>(
    does: Kind,
    paths: readonly string[],
    on: (disk: MemoryDisk) => ReturnType<Disk[Kind]>,
  ): ReturnType<Disk[Kind]> => {
    const places = paths.map(fixed);
    // The answer is that of this very call.
    return answer({ does, paths: places, text: `${does} ${places}`, on }) as ReturnType<Disk[Kind]>;
  };
  return {
    names: (folder) => step("names", [folder], (disk) => disk.names(folder)),
    stat: (path) => step("stat", [path], (disk) => disk.stat(path)),
    read: (path) => step("read", [path], (disk) => disk.read(path)),
    write: (path, text) => step("write", [path], (disk) => disk.write(path, text)),
    // Nobody sees a difference but after a power cut.
    writeThrough: (path, text) => step("write", [path], (disk) => disk.write(path, text)),
    move: (from, to) => step("move", [from, to], (disk) => disk.move(from, to)),
    link: (from, to) => step("link", [from, to], (disk) => disk.link(from, to)),
    removeFile: (path) => step("removeFile", [path], (disk) => disk.removeFile(path)),
    removeFolder: (path) => step("removeFolder", [path], (disk) => disk.removeFolder(path)),
  };
}
