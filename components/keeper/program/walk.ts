import type { Disk, Stat } from "./disk";
import { below, called, foldersIn } from "./entries";
import { Unreadable } from "./job";
import { type Layout, layersFolder, revisionsFolder, tagLink, tagsFolder } from "./layout";

/** A link file of the registry. */
export interface LinkFile {
  readonly path: string;
  readonly stat: Stat;
}

/** The same with what it says. */
export interface Link extends LinkFile {
  /** The digest that its folder is named by; a tag's current link has none. */
  readonly named?: string;
  /** The digest in it: that of the blob. */
  readonly digest: string;
}

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** Whether a text is a digest as the registry writes it. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** All repositories, also those within others, in the order of their names. */
export function repositoryNames(disk: Disk, { repositories }: Layout): string[] {
  const found: string[] = [];
  const look = (name: string): void => {
    const folder = name === "" ? repositories : `${repositories}/${name}`;
    const names = foldersIn(disk, folder, called.repository) ?? [];
    if (name !== "" && names.some((part) => part.startsWith("_"))) found.push(name);
    for (const part of names.filter((part) => !part.startsWith("_")).sort()) {
      look(name === "" ? part : `${name}/${part}`);
    }
  };
  look("");
  return found.sort();
}

/** A link, or undefined if it is not there. @throws Unreadable if there is no digest in it. */
export function readLink(disk: Disk, path: string, named?: string): Link | undefined {
  const stat = below(path, () => disk.stat(path));
  const digest = stat && disk.read(path);
  if (stat === undefined || digest === undefined) return undefined;
  if (!isDigest(digest)) throw new Unreadable(`${path} has no digest in it`);
  return { path, named, digest, stat };
}

/** Where there may be a link: the registry leaves folders without one. */
export interface LinkPlace {
  readonly path: string;
  /** The digest that its folder is named by. */
  readonly named: string;
}

/**
 * The places in a folder that has a folder for each algorithm, and in it one for each digest. The folder of an algorithm
 * is read when those before it have been gone through.
 */
export function* linkPlaces(
  disk: Disk,
  folder: string,
  algorithms: readonly string[] = foldersIn(disk, folder, called.algorithm) ?? [],
): Generator<LinkPlace> {
  for (const algorithm of algorithms) {
    for (const hex of foldersIn(disk, `${folder}/${algorithm}`, called.digits) ?? []) {
      yield { path: `${folder}/${algorithm}/${hex}/link`, named: `${algorithm}:${hex}` };
    }
  }
}

/** The links in such a folder. */
export function linksIn(disk: Disk, folder: string): Link[] {
  const links: Link[] = [];
  for (const { path, named } of linkPlaces(disk, folder)) {
    const link = readLink(disk, path, named);
    if (link !== undefined) links.push(link);
  }
  return links;
}

export function layerLinks(disk: Disk, layout: Layout, repository: string): Link[] {
  return linksIn(disk, layersFolder(layout, repository));
}

export function revisionLinks(disk: Disk, layout: Layout, repository: string): Link[] {
  return linksIn(disk, revisionsFolder(layout, repository));
}

/** What is listed as a tag: one whose link is gone or makes no sense as well. */
export function tagNames(disk: Disk, layout: Layout, repository: string): string[] {
  return foldersIn(disk, tagsFolder(layout, repository), called.tag) ?? [];
}

/** The tags of a repository with what they point to, by name. */
export function tagLinks(disk: Disk, layout: Layout, repository: string): Map<string, Link> {
  const tags = new Map<string, Link>();
  for (const tag of tagNames(disk, layout, repository).sort()) {
    const link = readLink(disk, tagLink(layout, repository, tag));
    if (link !== undefined) tags.set(tag, link);
  }
  return tags;
}
