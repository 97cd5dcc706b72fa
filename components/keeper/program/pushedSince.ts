import type { Disk } from "./disk";
import { Unreadable } from "./job";
import {
  blobData,
  type Layout,
  layerLink,
  revisionLink,
  revisionsFolder,
  tagFolderOfHistory,
} from "./layout";
import { parseManifest } from "./manifest";
import type { Group } from "./take";
import type { Thing } from "./trash";
import { isDigest, type LinkFile, type LinkPlace, linkPlaces } from "./walk";

/**
 * Looks at what was pushed to a repository since the first mark of a run: every push of a manifest writes the link of its
 * revision. What such manifests reach is needed; a mark over all there is finds the same, but later.
 *
 * @param things All that is to be taken from this repository.
 */
export function looksAtPushes(
  disk: Disk,
  layout: Layout,
  repository: string,
  things: readonly Thing[],
  isNew: (link: LinkFile) => boolean,
): Pick<Group, "needed" | "glance" | "moved"> {
  const places = () => linkPlaces(disk, revisionsFolder(layout, repository));
  const linksOf = linksNeeded(disk, layout, repository, things);
  let known = new Set<string>();
  return {
    needed() {
      const links = [...places()].flatMap(({ path, named }) => {
        const stat = disk.stat(path);
        return stat === undefined ? [] : [{ path, named, stat }];
      });
      known = new Set(links.map(({ path }) => path));
      const needed = linksOf(links.filter(isNew).map((link) => digestIn(disk, link)));
      return ({ path }) => needed === undefined || needed.has(path);
    },
    // What keeps its link is not asked for: a manifest that is pushed again needs what it needed before.
    glance() {
      const pushed = [...places()].filter(({ path }) => !known.has(path) && disk.stat(path) !== undefined);
      if (pushed.length === 0) return undefined;
      for (const { path } of pushed) known.add(path);
      const needed = linksOf(pushed.map((link) => digestIn(disk, link)));
      return ({ path }) => needed === undefined || needed.has(path);
    },
    moved({ path }) {
      known.delete(path);
    },
  };
}

/** A link that is named by another algorithm than ours has ours in it. */
function digestIn(disk: Disk, { path, named }: LinkPlace): string {
  return named.startsWith("sha256:") ? named : (disk.read(path) ?? named);
}

/** What a manifest mentions. */
interface Mentions {
  readonly links: readonly string[];
  readonly children: readonly string[];
}

/**
 * Tells which links of a repository some manifests need, with those of their children and of what is about them. Rather
 * too many than too few: undefined, which is all of them, if a manifest cannot be read.
 */
function linksNeeded(disk: Disk, layout: Layout, repository: string, things: readonly Thing[]) {
  const going = new Set(things.map(({ path }) => path));
  const about = things.filter(({ subject }) => subject !== undefined);
  const digests = new Map(about.map(({ path }) => [path, manifestOf(disk, path)]));
  const read = new Map<string, Mentions>();

  function mentionsOf(digest: string): Mentions {
    const known = read.get(digest);
    if (known !== undefined) return known;
    const text = disk.read(blobData(layout, digest));
    if (text === undefined) throw new Unreadable(`the manifest ${digest} is not there`);
    const { blobs, manifests } = parseManifest(text, digest);
    const children = manifests.map((child) => child.digest);
    const links = [...blobs.map((blob) => blob.digest), ...children].map((each) =>
      layerLink(layout, repository, each),
    );
    read.set(digest, { links, children });
    return { links, children };
  }

  function reach(needed: Set<string>, digest: string): void {
    const waiting = [digest];
    for (const each of waiting) {
      const link = revisionLink(layout, repository, each);
      if (needed.has(link)) continue;
      needed.add(link);
      const { links, children } = mentionsOf(each);
      for (const path of links) needed.add(path);
      for (const child of children) {
        // An index may mention what was never pushed here, or a layer.
        const path = revisionLink(layout, repository, child);
        if (going.has(path) || disk.stat(path) !== undefined) waiting.push(child);
      }
    }
  }

  return (manifests: readonly string[]): ReadonlySet<string> | undefined => {
    const needed = new Set<string>();
    try {
      for (const digest of manifests) reach(needed, digest);
      for (;;) {
        const more = about.filter(({ path, subject = "" }) => needed.has(subject) && !needed.has(path));
        if (more.length === 0) return needed;
        for (const { path } of more) {
          const digest = digests.get(path);
          if (digest !== undefined) reach(needed, digest);
          needed.add(path);
        }
      }
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  };
}

/** The manifest that a link is of, or that a tag points to; none of what only tells of earlier ones. */
function manifestOf(disk: Disk, path: string): string | undefined {
  if (tagFolderOfHistory(path) !== undefined) return undefined;
  const digest = disk.read(path);
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}
