import { blobsOf } from "./blobs";
import type { Disk } from "./disk";
import { type Context, Unreadable } from "./job";
import { historyFolder, type Layout, layersFolder, layoutOf, revisionsFolder, tagLink } from "./layout";
import { linkPlaces, repositoryNames, tagNames } from "./walk";

/*
 * What a backup takes beside the blobs: every link with what it says and when it was written, as lines of JSON. Times are
 * kept: the push of a tag is when its link was written. The list is as good as a copy of the links, and has a thousandth of
 * the files.
 */

/** A link: its path below the registry's root, the digest in it, and when it was written, in milliseconds. */
export interface ListedLink {
  readonly link: string;
  readonly digest: string;
  readonly modified: number;
}

/** A blob that was there when the links had been read. */
export interface ListedBlob {
  readonly blob: string;
  readonly size: number;
}

/** The first line. */
export interface ListHead {
  readonly format: 1;
  /** ISO time in UTC when the first link was about to be read: what was there by then is in the list. */
  readonly began: string;
}

/** The last line: a list without it was cut short. */
export interface ListEnd {
  readonly links: number;
  readonly blobs: number;
  readonly bytes: number;
}

export interface BackupList {
  readonly head: ListHead;
  readonly links: readonly ListedLink[];
  readonly blobs: readonly ListedBlob[];
}

/** Whether a link is what a tag points to. */
export function isTag(link: string): boolean {
  return link.endsWith("/current/link");
}

export function listFile({ settings }: Context): string {
  return `${settings.controlFolder}/backup/list.jsonl`;
}

/**
 * Writes the list. A push writes layers, then the revision, then the tag; links are read the other way round, tags first, so
 * that whatever is named is already there. The lock of collections is held meanwhile, and until the blobs are copied.
 */
export function writeBackupList(context: Context): void {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const head: ListHead = { format: 1, began: new Date().toISOString() };
  const names = repositoryNames(disk, layout);
  const kinds = [tagLinkPaths, revisionLinkPaths, layerLinkPaths];
  const read = kinds.flatMap((pathsOf) =>
    names.flatMap((name) => pathsOf(disk, layout, name).flatMap((path) => listed(disk, layout, path))),
  );
  // A tag that was deleted meanwhile may have lost its manifest before that was read.
  const links = read.filter(({ link }) => !isTag(link) || disk.stat(`${layout.root}/${link}`) !== undefined);
  const blobs = [...blobsOf(disk, layout)].map(([blob, { size }]): ListedBlob => ({ blob, size }));
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  const end: ListEnd = { links: links.length, blobs: blobs.length, bytes };
  const lines = [head, ...links, ...blobs, end].map((line) => `${JSON.stringify(line)}\n`);
  disk.write(listFile(context), lines.join(""));
}

/** @throws Unreadable if the list was cut short or makes no sense. */
export function parseBackupList(text: string): BackupList {
  const lines = text.split("\n").filter(Boolean).map(parsed);
  const [head, ...rest] = lines;
  const end = rest.pop();
  const links = rest.filter(isLink);
  const blobs = rest.filter(isBlob);
  const isWhole =
    isHead(head) &&
    isEnd(end) &&
    end.links === links.length &&
    end.blobs === blobs.length &&
    links.length + blobs.length === rest.length;
  if (!isWhole) throw new Unreadable("the list of the backup is not whole");
  return { head, links, blobs };
}

function tagLinkPaths(disk: Disk, layout: Layout, repository: string): string[] {
  const tags = tagNames(disk, layout, repository);
  return tags.flatMap((tag) => [
    tagLink(layout, repository, tag),
    ...linkPaths(disk, historyFolder(layout, repository, tag)),
  ]);
}

function revisionLinkPaths(disk: Disk, layout: Layout, repository: string): string[] {
  return linkPaths(disk, revisionsFolder(layout, repository));
}

function layerLinkPaths(disk: Disk, layout: Layout, repository: string): string[] {
  return linkPaths(disk, layersFolder(layout, repository));
}

function linkPaths(disk: Disk, folder: string): string[] {
  return [...linkPlaces(disk, folder)].map(({ path }) => path);
}

/** One that goes meanwhile is not in it. */
function listed(disk: Disk, { root }: Layout, path: string): ListedLink[] {
  const stat = disk.stat(path);
  const digest = stat && disk.read(path);
  if (stat === undefined || digest === undefined) return [];
  return [{ link: path.slice(root.length + 1), digest, modified: stat.modified }];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Unreadable("the list of the backup is not whole");
  }
}

function has<Key extends string>(
  value: unknown,
  ...keys: Key[]
): value is { readonly [name in Key]: unknown } {
  return typeof value === "object" && value !== null && keys.every((key) => key in value);
}

function isHead(value: unknown): value is ListHead {
  return has(value, "format", "began") && value.format === 1 && typeof value.began === "string";
}

function isEnd(value: unknown): value is ListEnd {
  return (
    has(value, "links", "blobs", "bytes") &&
    typeof value.links === "number" &&
    typeof value.blobs === "number"
  );
}

function isLink(value: unknown): value is ListedLink {
  return (
    has(value, "link", "digest", "modified") &&
    typeof value.link === "string" &&
    typeof value.digest === "string" &&
    typeof value.modified === "number"
  );
}

function isBlob(value: unknown): value is ListedBlob {
  return has(value, "blob", "size") && typeof value.blob === "string" && typeof value.size === "number";
}
