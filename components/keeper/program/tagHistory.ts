import type { Disk } from "./disk";
import { historyFolder, type Layout, tagFolderOfHistory } from "./layout";
import type { Group } from "./take";
import { type Thing, thingAt } from "./trash";
import { type Link, linkPlaces, tagNames } from "./walk";

/** The links to all that a tag has ever pointed to. */
export function historyOf(disk: Disk, layout: Layout, repository: string, tag: string): Thing[] {
  const places = [...linkPlaces(disk, historyFolder(layout, repository, tag))];
  return places.flatMap(({ path }) => thingAt(disk, path) ?? []);
}

/**
 * What is left of tags without a current link: a push writes the history first, and a deletion may leave it, if the
 * registry dies meanwhile. The registry lists a tag by its folder, and so would for ever.
 *
 * @param tags Those that have a current link.
 */
export function strayHistory(
  disk: Disk,
  layout: Layout,
  repository: string,
  tags: ReadonlyMap<string, Link>,
): Thing[] {
  const strays = tagNames(disk, layout, repository).filter((tag) => !tags.has(tag));
  return strays.flatMap((tag) => historyOf(disk, layout, repository, tag));
}

/** The same group, of which no history goes of what is a tag again: somebody has pushed or restored it since the mark. */
export function sparingTags(disk: Disk, group: Group): Group {
  return {
    ...group,
    needed() {
      const isNeeded = group.needed();
      return (thing) => isNeeded(thing) || isOfTagAgain(disk, thing);
    },
  };
}

function isOfTagAgain(disk: Disk, { path, subject }: Thing): boolean {
  const folder = tagFolderOfHistory(path);
  // What goes with its subject goes with its tag.
  return folder !== undefined && subject === undefined && disk.stat(`${folder}/current/link`) !== undefined;
}
