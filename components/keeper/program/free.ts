import type { Disk } from "./disk";
import { type Layout, layersFolder, revisionsFolder } from "./layout";
import type { Group, Thing } from "./trash";
import { type Link, linkPlaces, repositoryNames, revisionLinks } from "./walk";

/** Links by repository: every push of a manifest writes the link of its revision. */
export function linkGroups(
  disk: Disk,
  layout: Layout,
  links: readonly Thing[],
  isNew: (link: Link) => boolean,
): Group[] {
  const groups = new Map<string, Thing[]>();
  for (const link of links) {
    const name = repositoryOf(layout, link.path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [link]);
    else group.push(link);
  }
  return [...groups].map(([name, things]) => ({
    things,
    needed: () => {
      const isPushedTo = revisionLinks(disk, layout, name).some(isNew);
      return () => isPushedTo;
    },
  }));
}

/** How many blobs are moved between two looks at the links of all repositories. */
const blobsAtATime = 200;

/** Blobs, some at a time: whoever is to read one needs a link to it. */
export function blobGroups(disk: Disk, layout: Layout, blobs: readonly Thing[]): Group[] {
  const names = repositoryNames(disk, layout);
  const groups: Group[] = [];
  for (let first = 0; first < blobs.length; first += blobsAtATime) {
    const things = blobs.slice(first, first + blobsAtATime);
    groups.push({ things, needed: () => linkedAmong(disk, layout, names, things) });
  }
  return groups;
}

function linkedAmong(
  disk: Disk,
  layout: Layout,
  names: readonly string[],
  things: readonly Thing[],
): (thing: Thing) => boolean {
  const digests = new Map(things.map(({ path }) => [digestOf(path), path]));
  const linked = new Set<string>();
  for (const name of names) {
    for (const folderOf of [layersFolder, revisionsFolder]) {
      // One look at the folder of an algorithm in place of one for each blob.
      for (const { path, named } of linkPlaces(disk, folderOf(layout, name), ["sha256", "sha512"])) {
        const blob = digests.get(named);
        if (blob !== undefined && disk.stat(path) !== undefined) linked.add(blob);
      }
    }
  }
  return ({ path }) => linked.has(path);
}

function digestOf(blob: string): string {
  const [hex = "", , algorithm = ""] = blob.split("/").reverse();
  return `${algorithm}:${hex}`;
}

function repositoryOf({ repositories }: Layout, path: string): string {
  return path.slice(repositories.length + 1).replace(/\/_(?:layers|manifests)\/.*$/, "");
}
