import type { Disk } from "./disk";
import { Refusal, Unreadable } from "./job";
import {
  blobData,
  type Layout,
  layersFolder,
  revisionLink,
  revisionsFolder,
  tagLink,
  tagsFolder,
} from "./layout";
import type { Request } from "./request";
import { isDigest, type Link, linkPlaces, readLink, tagNames } from "./walk";

/** A tag as it stands. Of one that makes no sense only the name and the time are known, so that it can be deleted. */
export interface Tag {
  readonly name: string;
  readonly link: Link;
  /** Why nobody can pull it. */
  readonly fault?: string;
}

/** A repository, and a tag or manifest in it, by a request. */
export interface Reference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** The names in a request that must have them; what it must have is checked before. */
export function referenceOf({ repository, tag, digest }: Request): Reference {
  if (repository === undefined) throw new Refusal("the request names no repository");
  return { repository, tag, digest };
}

/** As clients write it. */
export function referenceText({ repository, tag, digest }: Reference): string {
  if (tag !== undefined) return `${repository}:${tag}`;
  return digest === undefined ? repository : `${repository}@${digest}`;
}

/** @throws Refusal if there is no such repository */
export function checkRepository(disk: Disk, { repositories }: Layout, repository: string): void {
  const names = disk.names(`${repositories}/${repository}`) ?? [];
  if (!names.some((name) => name.startsWith("_"))) throw new Refusal(`there is no repository ${repository}`);
}

/** The tags of a repository by name. */
export function tagsOf(disk: Disk, layout: Layout, repository: string): Tag[] {
  return tagNames(disk, layout, repository)
    .sort()
    .flatMap((name) => tagOf(disk, layout, repository, name) ?? []);
}

/** A tag, or undefined if it is not there. */
export function tagOf(disk: Disk, layout: Layout, repository: string, name: string): Tag | undefined {
  const path = tagLink(layout, repository, name);
  try {
    const link = readLink(disk, path);
    return link && { name, link };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // A plain file in the place of its folder is no tag to a client.
    const isNone = disk.stat(`${tagsFolder(layout, repository)}/${name}`)?.isFolder === false;
    const stat = isNone ? undefined : disk.stat(path);
    return stat && { name, link: { path, digest: "", stat }, fault: "its link has no digest in it" };
  }
}

/** The manifest that a reference is about. @throws Refusal if there is no such tag or manifest */
export function digestOf(disk: Disk, layout: Layout, reference: Reference): string {
  checkRepository(disk, layout, reference.repository);
  if (reference.tag !== undefined) {
    const tag = tagOf(disk, layout, reference.repository, reference.tag);
    if (tag === undefined) throw new Refusal(`there is no tag ${referenceText(reference)}`);
    if (tag.fault !== undefined)
      throw new Refusal(`${referenceText(reference)} cannot be read: ${tag.fault}`);
    return tag.link.digest;
  }
  const link = readLink(disk, revisionLink(layout, reference.repository, reference.digest ?? ""));
  if (link === undefined) throw new Refusal(`there is no manifest ${referenceText(reference)}`);
  return link.digest;
}

/** All blobs that a repository hands out: manifests, configurations and layers. */
export function linkedBlobs(disk: Disk, layout: Layout, repository: string): Set<string> {
  return new Set([
    ...linkedIn(disk, layersFolder(layout, repository)),
    ...linkedIn(disk, revisionsFolder(layout, repository)),
  ]);
}

/** The digests of the manifests in a repository, with a tag and without. */
export function manifestDigests(disk: Disk, layout: Layout, repository: string): string[] {
  return [...new Set(linkedIn(disk, revisionsFolder(layout, repository)))].sort();
}

/** What links point to, by the names of their folders where these tell. */
function* linkedIn(disk: Disk, folder: string): Generator<string> {
  for (const { path, named } of linkPlaces(disk, folder)) {
    if (named.startsWith("sha256:")) {
      if (disk.stat(path) !== undefined) yield named;
      continue;
    }
    // A blob is kept by its sha256, whatever it was pushed by.
    const digest = disk.read(path);
    if (digest !== undefined && isDigest(digest)) yield digest;
  }
}

/** Tells the size of blobs in bytes, 0 of those that are not there. */
export function blobSizes(disk: Disk, layout: Layout): (digests: Iterable<string>) => number {
  const known = new Map<string, number>();
  const sizeOf = (digest: string): number => {
    const size = known.get(digest) ?? disk.stat(blobData(layout, digest))?.size ?? 0;
    known.set(digest, size);
    return size;
  };
  return (digests) => {
    let sum = 0;
    for (const digest of digests) sum += sizeOf(digest);
    return sum;
  };
}
