import type { Context } from "./job";
import { stateFile } from "./stateFile";

/** A tag as the hourly index has seen it. Times are in milliseconds by the clock of the disk. */
export interface IndexedTag {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly pushed: number;
  /** Of all that belongs to it. */
  readonly bytes: number;
  /** Of its link: with the time it tells whether it was pushed again. */
  readonly inode: number;
}

/** A tag that was deleted, by whomever. */
export interface GoneTag {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly pushed: number;
  readonly lastSeen: number;
}

export interface TagIndex {
  readonly time: number;
  readonly tags: readonly IndexedTag[];
  readonly gone: readonly GoneTag[];
}

export function indexFile(context: Context): string {
  return stateFile(context, "index.json");
}

/** Nothing is known if the file is not there or makes no sense: the next index begins anew. */
export function readIndex(context: Context): TagIndex {
  try {
    const { time, tags, gone }: Partial<TagIndex> = JSON.parse(context.disk.read(indexFile(context)) ?? "{}");
    if (typeof time === "number" && Array.isArray(tags) && Array.isArray(gone)) return { time, tags, gone };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return { time: 0, tags: [], gone: [] };
}

/** What a tag that is not there pointed to when it was last seen. */
export function lastSeen(
  { time, tags, gone }: TagIndex,
  repository: string,
  tag: string,
): GoneTag | undefined {
  const isIt = (known: { readonly repository: string; readonly tag: string }) =>
    known.repository === repository && known.tag === tag;
  const known = tags.find(isIt);
  return known === undefined ? gone.find(isIt) : goneTag(known, time);
}

export function goneTag({ repository, tag, digest, pushed }: IndexedTag, lastSeen: number): GoneTag {
  return { repository, tag, digest, pushed, lastSeen };
}
