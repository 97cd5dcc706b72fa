import type { Disk } from "./disk";
import {
  type Layout,
  layerLink,
  layersFolder,
  repositoryOfLink,
  revisionLink,
  revisionsFolder,
} from "./layout";
import { looksAtPushes } from "./pushedSince";
import type { Group } from "./take";
import type { Thing } from "./trash";
import { type LinkFile, linkPlaces, repositoryNames } from "./walk";

/** Links by repository. */
export function linkGroups(
  disk: Disk,
  layout: Layout,
  links: readonly Thing[],
  isNew: (link: LinkFile) => boolean,
): Group[] {
  const groups = new Map<string, Thing[]>();
  for (const link of links) {
    const name = repositoryOfLink(layout, link.path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [link]);
    else group.push(link);
  }
  return [...groups].map(([name, things]) => ({
    things: inOrder(things),
    ...looksAtPushes(disk, layout, name, things, isNew),
  }));
}

/**
 * Layers last, and those of one push together: whoever pushes an image again while its layers move is asked once for all
 * of them, and not for each that goes.
 */
function inOrder(things: readonly Thing[]): Thing[] {
  const isLayer = ({ path }: Thing) => path.includes("/_layers/");
  const layers = things.filter(isLayer).sort((one, other) => one.modified - other.modified);
  return [...things.filter((thing) => !isLayer(thing)), ...layers];
}

/** Of how many repositories a blob's link is asked for one by one; where there are more, their folders are read. */
const askedOneByOne = 1000;

/** Blobs, as few at a time as it pays: whoever is to read one needs a link to it. */
export function blobGroups(disk: Disk, layout: Layout, blobs: readonly Thing[]): Group[] {
  const count = repositoryNames(disk, layout).length;
  const atATime = count <= askedOneByOne ? Math.max(1, Math.ceil(count / 50)) : 200;
  return inParts(blobs, atATime).map((things) => ({
    things,
    // A push may have made a repository.
    needed: () => {
      const isLinked = linkedNow(disk, layout, things);
      return ({ path }) => isLinked(digestOf(path));
    },
  }));
}

function linkedNow(disk: Disk, layout: Layout, things: readonly Thing[]): (digest: string) => boolean {
  const names = repositoryNames(disk, layout);
  return names.length <= askedOneByOne
    ? linkedOneByOne(disk, layout, names)
    : linkedInFolders(disk, layout, names, things);
}

function linkedOneByOne(disk: Disk, layout: Layout, names: readonly string[]): (digest: string) => boolean {
  return (digest) =>
    names.some((name) =>
      [layerLink, revisionLink].some((linkOf) => disk.stat(linkOf(layout, name, digest)) !== undefined),
    );
}

/** One look at the folder of an algorithm in place of one for each blob. */
function linkedInFolders(
  disk: Disk,
  layout: Layout,
  names: readonly string[],
  things: readonly Thing[],
): (digest: string) => boolean {
  const digests = new Set(things.map(({ path }) => digestOf(path)));
  const linked = new Set<string>();
  for (const name of names) {
    for (const folderOf of [layersFolder, revisionsFolder]) {
      for (const { path, named } of linkPlaces(disk, folderOf(layout, name), ["sha256", "sha512"])) {
        if (digests.has(named) && disk.stat(path) !== undefined) linked.add(named);
      }
    }
  }
  return (digest) => linked.has(digest);
}

function inParts(things: readonly Thing[], size: number): Thing[][] {
  const parts: Thing[][] = [];
  for (let first = 0; first < things.length; first += size) parts.push(things.slice(first, first + size));
  return parts;
}

function digestOf(blob: string): string {
  const [hex = "", , algorithm = ""] = blob.split("/").reverse();
  return `${algorithm}:${hex}`;
}
