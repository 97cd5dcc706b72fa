import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Disk } from "./disk";

/** How a file is called that a write has left which was killed. */
export const halfWritten = /\.\d+\.new$/;

/** The real file system. */
export const nodeDisk: Disk = {
  names: (folder) => unlessAbsent(() => readdirSync(folder)),
  stat(path) {
    // An exception for each file that is not there would cost ten times the question.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const { ino: inode, mtimeMs: modified, size, dev: device } = stat;
    return { inode, modified, size, isFolder: stat.isDirectory(), device };
  },
  read: (path) => unlessAbsent(() => readFileSync(path, "utf8")),
  write: (path, text) => writeWhole(path, text, () => {}),
  writeThrough(path, text) {
    // Before it has its name: a file system may keep the name of a file, and not yet what is in it.
    writeWhole(path, text, sync);
    for (const folder of [dirname(path), dirname(dirname(path))]) sync(folder);
  },
  move(from, to) {
    if (isAbsent(from)) return false;
    mkdirSync(dirname(to), { recursive: true });
    return happened(() => renameSync(from, to), "ENOENT");
  },
  link(from, to) {
    if (isAbsent(from)) return false;
    mkdirSync(dirname(to), { recursive: true });
    return happened(() => linkSync(from, to), "ENOENT", "EEXIST");
  },
  removeFile: (path) => happened(() => unlinkSync(path), "ENOENT"),
  removeFolder: (path) => happened(() => rmdirSync(path), "ENOENT", "ENOTEMPTY", "EEXIST"),
};

function writeWhole(path: string, text: string, before: (file: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = `${path}.${process.pid}.new`;
  try {
    writeFileSync(file, text);
    before(file);
    renameSync(file, path);
  } catch (error) {
    // On a full disk what was written of it would take room, and the next process would write beside it.
    rmSync(file, { force: true });
    throw error;
  }
}

/** Waits until a file or folder is on the disk. */
export function sync(path: string): void {
  const open = openSync(path, "r");
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** Asked before a folder is made: an empty one would tell that something was there. */
function isAbsent(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined;
}

/** What a step answers, or undefined if the file is not there. */
export function unlessAbsent<Answer>(step: () => Answer): Answer | undefined {
  try {
    return step();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function happened(step: () => void, ...expected: readonly string[]): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (expected.includes(codeOf(error))) return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
