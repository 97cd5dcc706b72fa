import type { Disk } from "./disk";
import { type Layout, layerLink, revisionLink } from "./layout";
import type { Group, Thing } from "./trash";
import { type Link, repositoryNames, revisionLinks } from "./walk";

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
    isFree: () => !revisionLinks(disk, layout, name).some(isNew),
  }));
}

/** Blobs one by one: whoever is to read one needs a link to it. */
export function blobGroups(disk: Disk, layout: Layout, blobs: readonly Thing[]): Group[] {
  const names = repositoryNames(disk, layout);
  return blobs.map((blob) => {
    const [hex = "", , algorithm = ""] = blob.path.split("/").reverse();
    const digest = `${algorithm}:${hex}`;
    const isLinked = (name: string) =>
      disk.stat(layerLink(layout, name, digest)) !== undefined ||
      disk.stat(revisionLink(layout, name, digest)) !== undefined;
    return { things: [blob], isFree: () => !names.some(isLinked) };
  });
}

function repositoryOf({ repositories }: Layout, path: string): string {
  return path.slice(repositories.length + 1).replace(/\/_(?:layers|manifests)\/.*$/, "");
}
