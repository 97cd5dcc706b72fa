import { dirname } from "node:path";
import type { Disk, Stat } from "../../../components/keeper/program/disk";
import { type Fingerprint, fingerprintOf } from "./fingerprints";

/** What never changes is shared by all copies of a disk. */
interface File {
  readonly text: string;
  readonly inode: number;
  readonly modified: number;
  readonly print: Fingerprint;
}

interface Folder {
  /** In order. */
  readonly names: readonly string[];
  readonly modified: number;
  readonly print: Fingerprint;
}

/** A path, which each disk has or has not. */
interface Place {
  readonly number: number;
  readonly path: string;
  readonly name: string;
  /** Undefined for the root, of which nothing is known. */
  readonly parent: Place | undefined;
}

/** A file system in memory, whose clock and inodes the test sets. Copies and fingerprints of it are cheap. */
export class MemoryDisk implements Disk {
  /** Its clock, in milliseconds. */
  now = 0;
  /** When what is written now is said to be written, if not now. */
  stamp: number | undefined;
  /** The inode of the next file that somebody writes. */
  nextInode = 1;
  /** By the numbers of places. */
  private entries: (File | Folder | undefined)[] = [];
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  copy(): MemoryDisk {
    const copy = new MemoryDisk();
    copy.now = this.now;
    copy.stamp = this.stamp;
    copy.nextInode = this.nextInode;
    copy.entries = this.entries.slice();
    copy.a = this.a;
    copy.b = this.b;
    copy.c = this.c;
    copy.d = this.d;
    return copy;
  }

  /** The same for two disks with the same files and folders. */
  fingerprint(): Fingerprint {
    return [this.a, this.b, this.c, this.d];
  }

  /** All files, by path. */
  paths(): string[] {
    return this.entries.flatMap((entry, number) => (isFile(entry) ? (places[number]?.path ?? []) : []));
  }

  has(path: string): boolean {
    return this.at(placeOf(path)) !== undefined;
  }

  names(folder: string): string[] | undefined {
    const entry = this.at(placeOf(folder));
    if (isFile(entry)) throw new Error(`ENOTDIR: ${folder}`);
    return entry && [...entry.names];
  }

  stat(path: string): Stat | undefined {
    const entry = this.at(placeOf(path));
    if (entry === undefined) return undefined;
    const { modified } = entry;
    return isFile(entry)
      ? { inode: entry.inode, modified, size: entry.text.length, isFolder: false, device: 1 }
      : { inode: 0, modified, size: 0, isFolder: true, device: 1 };
  }

  read(path: string): string | undefined {
    const entry = this.at(placeOf(path));
    return isFile(entry) ? entry.text : undefined;
  }

  write(path: string, text: string): void {
    const place = placeOf(path);
    this.put(place, fileAt(place, text, this.nextInode++, this.time()));
  }

  move(from: string, to: string): boolean {
    const [source, target] = [placeOf(from), placeOf(to)];
    const entry = this.at(source);
    if (entry === undefined) return false;
    if (isFile(entry)) {
      this.take(source);
      this.put(target, fileAt(target, entry.text, entry.inode, entry.modified));
      return true;
    }
    this.makeFolder(target);
    for (const name of entry.names) this.move(`${source.path}/${name}`, `${target.path}/${name}`);
    this.take(source);
    return true;
  }

  link(from: string, to: string): boolean {
    const [file, target] = [this.at(placeOf(from)), placeOf(to)];
    if (!isFile(file) || this.at(target) !== undefined) return false;
    this.put(target, fileAt(target, file.text, file.inode, file.modified));
    return true;
  }

  writeThrough(path: string, text: string): void {
    this.write(path, text);
  }

  removeFile(path: string): boolean {
    const place = placeOf(path);
    if (!isFile(this.at(place))) return false;
    this.take(place);
    return true;
  }

  removeFolder(path: string): boolean {
    const place = placeOf(path);
    const entry = this.at(place);
    if (entry === undefined || isFile(entry) || entry.names.length > 0) return false;
    this.take(place);
    return true;
  }

  private time(): number {
    return this.stamp ?? this.now;
  }

  /** Nobody looks at when a folder was changed that does not lie among the repositories. */
  private timeOfFolder({ path }: Place): number {
    return path.includes("/repositories/") && !path.includes("/.trash/") ? this.time() : 0;
  }

  private at(place: Place): File | Folder | undefined {
    return this.entries[place.number];
  }

  private put(place: Place, file: File): void {
    this.change(place.parent, (names) => withName(names, place.name));
    this.set(place, file);
  }

  private take(place: Place): void {
    this.set(place, undefined);
    this.change(place.parent, (names) => names.filter((name) => name !== place.name));
  }

  /** Makes a folder with those above it, if it is not there. */
  private makeFolder(place: Place): void {
    if (place.parent === undefined || this.at(place) !== undefined) return;
    this.set(place, folderAt(place, [], this.timeOfFolder(place)));
    this.change(place.parent, (names) => withName(names, place.name));
  }

  private change(place: Place | undefined, edit: (names: readonly string[]) => readonly string[]): void {
    if (place?.parent === undefined) return;
    this.makeFolder(place);
    const folder = this.at(place);
    if (folder === undefined || isFile(folder)) return;
    // A time that is said to be earlier than it is does not take a folder back: the last change counts, in whatever order.
    this.set(place, folderAt(place, edit(folder.names), Math.max(folder.modified, this.timeOfFolder(place))));
  }

  private set({ number }: Place, entry: File | Folder | undefined): void {
    const old = this.entries[number];
    if (old !== undefined) this.mix(old.print);
    if (entry !== undefined) this.mix(entry.print);
    while (this.entries.length < number) this.entries.push(undefined);
    this.entries[number] = entry;
  }

  private mix([a, b, c, d]: Fingerprint): void {
    this.a ^= a;
    this.b ^= b;
    this.c ^= c;
    this.d ^= d;
  }
}

function isFile(entry: File | Folder | undefined): entry is File {
  return entry !== undefined && "text" in entry;
}

function withName(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names : [...names, name].sort();
}

const places: Place[] = [];
const placeByPath = new Map<string, Place>();

function placeOf(path: string): Place {
  const known = placeByPath.get(path);
  if (known !== undefined) return known;
  const same = fixed(path);
  if (same !== path) return placeOf(same);
  const parent = path === "/" ? undefined : placeOf(dirname(path));
  const place = { number: places.length, path, name: path.slice(path.lastIndexOf("/") + 1), parent };
  places.push(place);
  placeByPath.set(path, place);
  return place;
}

/** What is random in the name of a batch would make two equal disks differ. */
export function fixed(path: string): string {
  if (!path.includes("/.trash/")) return path;
  return path.replace(/(Z-[a-z]+-)[0-9a-f]{8}(?=\/|$)/, "$100000000");
}

const textNumbers = new Map<string, number>();

function fileAt({ number }: Place, text: string, inode: number, modified: number): File {
  const textNumber = textNumbers.get(text) ?? textNumbers.size;
  if (textNumber === textNumbers.size) textNumbers.set(text, textNumber);
  return { text, inode, modified, print: fingerprintOf(`${number} ${inode} ${modified} ${textNumber}`) };
}

function folderAt({ number }: Place, names: readonly string[], modified: number): Folder {
  return { names, modified, print: fingerprintOf(`${number}/ ${modified}`) };
}
