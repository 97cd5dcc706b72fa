import { dirname } from "node:path";
import type { Disk, Stat } from "../../../components/keeper/program/disk";

interface File {
  readonly text: string;
  readonly inode: number;
  readonly modified: number;
}

interface Folder {
  readonly names: Set<string>;
  modified: number;
}

/** A file system in memory, whose clock and inodes the test sets. Copies and hashes of it are cheap. */
export class MemoryDisk implements Disk {
  /** Its clock, in milliseconds. */
  now = 0;
  /** When what is written now is said to be written, if not now. */
  stamp: number | undefined;
  /** The inode of the next file that somebody writes. */
  nextInode = 1;
  private readonly files = new Map<string, File>();
  private readonly folders = new Map<string, Folder>();
  private low = 0;
  private high = 0;

  copy(): MemoryDisk {
    const copy = new MemoryDisk();
    copy.now = this.now;
    copy.stamp = this.stamp;
    copy.nextInode = this.nextInode;
    for (const [path, file] of this.files) copy.files.set(path, file);
    for (const [path, { names, modified }] of this.folders) {
      copy.folders.set(path, { names: new Set(names), modified });
    }
    copy.low = this.low;
    copy.high = this.high;
    return copy;
  }

  /** The same for two disks with the same files and folders. */
  hash(): string {
    return `${this.low.toString(36)}.${this.high.toString(36)}.${this.now}`;
  }

  /** All files, by path. */
  paths(): string[] {
    return [...this.files.keys()];
  }

  has(path: string): boolean {
    const place = fixed(path);
    return this.files.has(place) || this.folders.has(place);
  }

  names(folder: string): string[] | undefined {
    if (this.files.has(fixed(folder))) throw new Error(`ENOTDIR: ${folder}`);
    const found = this.folders.get(fixed(folder));
    return found && [...found.names].sort();
  }

  stat(path: string): Stat | undefined {
    const file = this.files.get(fixed(path));
    if (file !== undefined) {
      const { inode, modified, text } = file;
      return { inode, modified, size: text.length, isFolder: false, device: 1 };
    }
    const folder = this.folders.get(fixed(path));
    return folder && { inode: 0, modified: folder.modified, size: 0, isFolder: true, device: 1 };
  }

  read(path: string): string | undefined {
    return this.files.get(fixed(path))?.text;
  }

  write(path: string, text: string): void {
    this.place(fixed(path), { text, inode: this.nextInode++, modified: this.time() });
  }

  move(from: string, to: string): boolean {
    const [source, target] = [fixed(from), fixed(to)];
    const file = this.files.get(source);
    if (file !== undefined) {
      this.take(source);
      this.place(target, file);
      return true;
    }
    const folder = this.folders.get(source);
    if (folder === undefined) return false;
    this.makeFolder(target);
    for (const name of [...folder.names]) this.move(`${source}/${name}`, `${target}/${name}`);
    this.takeFolder(source);
    return true;
  }

  link(from: string, to: string): boolean {
    const file = this.files.get(fixed(from));
    if (file === undefined || this.has(to)) return false;
    this.place(fixed(to), file);
    return true;
  }

  removeFile(path: string): boolean {
    if (!this.files.has(fixed(path))) return false;
    this.take(fixed(path));
    return true;
  }

  removeFolder(path: string): boolean {
    const folder = this.folders.get(fixed(path));
    if (folder === undefined || folder.names.size > 0) return false;
    this.takeFolder(fixed(path));
    return true;
  }

  private time(): number {
    return this.stamp ?? this.now;
  }

  private place(path: string, file: File): void {
    const old = this.files.get(path);
    if (old !== undefined) this.toggle(path, old);
    this.enter(path);
    this.files.set(path, file);
    this.toggle(path, file);
  }

  private take(path: string): void {
    const file = this.files.get(path);
    if (file === undefined) return;
    this.toggle(path, file);
    this.files.delete(path);
    this.leave(path);
  }

  private makeFolder(path: string): void {
    if (path === "/" || this.folders.has(path)) return;
    this.folders.set(path, { names: new Set(), modified: this.time() });
    this.toggleFolder(path);
    this.enter(path);
  }

  private takeFolder(path: string): void {
    if (!this.folders.has(path)) return;
    this.toggleFolder(path);
    this.folders.delete(path);
    this.leave(path);
  }

  /** Adds a name to its folder. */
  private enter(path: string): void {
    const parent = dirname(path);
    this.makeFolder(parent);
    this.change(parent, (names) => names.add(path.slice(parent.length + 1)));
  }

  private leave(path: string): void {
    const parent = dirname(path);
    this.change(parent, (names) => names.delete(path.slice(parent.length + 1)));
  }

  private change(path: string, edit: (names: Set<string>) => void): void {
    const folder = this.folders.get(path);
    if (folder === undefined) return;
    this.toggleFolder(path);
    edit(folder.names);
    folder.modified = this.time();
    this.toggleFolder(path);
  }

  private toggleFolder(path: string): void {
    this.mix(`${path}/ ${this.folders.get(path)?.modified}`);
  }

  private toggle(path: string, { text, inode, modified }: File): void {
    this.mix(`${path} ${inode} ${modified} ${text}`);
  }

  private mix(text: string): void {
    const [low, high] = hashOf(text);
    this.low = (this.low ^ low) >>> 0;
    this.high = (this.high ^ high) >>> 0;
  }
}

const hashes = new Map<string, readonly [number, number]>();

/** Two hashes of 32 bits: FNV-1a, and one with another prime. */
export function hashOf(text: string, comesAgain = true): readonly [number, number] {
  const known = comesAgain ? hashes.get(text) : undefined;
  if (known !== undefined) return known;
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995) ^ (high >>> 13);
  }
  const hash = [low >>> 0, high >>> 0] as const;
  if (comesAgain && text.length < 1000) hashes.set(text, hash);
  return hash;
}

/** What is random in the name of a batch would make two equal disks differ. */
function fixed(path: string): string {
  if (!path.includes("/.trash/")) return path;
  return path.replace(/(Z-[a-z]+-)[0-9a-f]{8}(?=\/|$)/, "$100000000");
}
