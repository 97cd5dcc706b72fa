/** What is known of a file or folder. */
export interface Stat {
  /** Its identity on its file system: a file written anew has another. */
  readonly inode: number;
  /** When it was written, in milliseconds since 1970 by the clock of the disk. */
  readonly modified: number;
  /** In bytes. */
  readonly size: number;
  readonly isFolder: boolean;
  /** The file system that it lies on. */
  readonly device: number;
}

/**
 * The file system, as far as the keeper uses it. Each call is one step, between two of which anybody else may act. Only
 * what is absent, or in the way, is told by the answer; every other error is thrown.
 */
export interface Disk {
  /** The names in a folder in no order; undefined if there is no such folder. */
  names(folder: string): string[] | undefined;
  stat(path: string): Stat | undefined;
  /** The text of a file. */
  read(path: string): string | undefined;
  /** Writes a file whole or not at all, in a folder that it makes if need be. */
  write(path: string, text: string): void;
  /** The same, and once it answers a power cut cannot undo it. */
  writeThrough(path: string, text: string): void;
  /** Moves a file or folder to a place whose folder it makes if need be; false if it is not there. */
  move(from: string, to: string): boolean;
  /** The same file in a second place; false if it is not there, or if there is something in that place. */
  link(from: string, to: string): boolean;
  /** False if it is not there. */
  removeFile(path: string): boolean;
  /** False if it is not there, or not empty. */
  removeFolder(path: string): boolean;
}
