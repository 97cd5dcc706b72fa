import { createHash } from "node:crypto";
import { blobsOf } from "./blobs";
import type { Context } from "./job";
import { blobFolder, type Layout, layoutOf } from "./layout";
import { type Missing, note } from "./reach";
import { type Choice, markRepository } from "./repositoryMark";
import { blobThing, linkThing, type Thing } from "./trash";
import { type LinkFile, repositoryNames } from "./walk";

/** What all repositories together need, and what nothing needs. */
export interface Mark {
  readonly repositories: number;
  /** Needed and not there. */
  readonly missing: Missing[];
  /** Links that nothing needs. */
  readonly links: Thing[];
  /** Blobs that nothing needs; links may still point to them. */
  readonly blobs: Thing[];
  /** Of these the paths of those that no link points to. */
  readonly unlinked: Set<string>;
  /** The identities of all links. */
  readonly recorded: Set<string>;
  /** Manifests that no tag needs. */
  readonly untagged: Thing[];
  /** Folders that stay although they are empty: something is about the manifest that was in them. */
  readonly evidence: Set<string>;
  /** Why some repositories could not be marked. */
  readonly unreadable: string[];
}

/** One mark over all there is. What cannot be read is in the answer, so that what is missing elsewhere is known as well. */
export function markAll({ disk, settings, say }: Context, choice: Choice): Mark {
  const layout = layoutOf(settings.dataFolder);
  const names = repositoryNames(disk, layout);
  const needed = new Map<string, Missing>();
  const linked = new Set<string>();
  const mark: Mark = {
    repositories: names.length,
    missing: [],
    links: [],
    blobs: [],
    unlinked: new Set(),
    recorded: new Set(),
    untagged: [],
    evidence: new Set(),
    unreadable: [],
  };
  for (const [index, name] of names.entries()) {
    say(`marking repository ${index + 1} of ${names.length}`);
    try {
      const found = markRepository(disk, layout, name, choice);
      for (const [digest, blob] of found.blobs) note(needed, digest, blob);
      for (const link of found.links) {
        linked.add(link.digest);
        mark.recorded.add(identityOf(link));
      }
      for (const missing of found.missing) mark.missing.push(missing);
      for (const spare of found.spare) mark.links.push(spare);
      for (const link of found.untagged) mark.untagged.push(linkThing(link));
      for (const folder of found.evidence) mark.evidence.add(folder);
    } catch (error) {
      mark.unreadable.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  markBlobs(mark, layout, blobsOf(disk, layout), needed, linked);
  return mark;
}

function markBlobs(
  mark: Mark,
  layout: Layout,
  blobs: ReturnType<typeof blobsOf>,
  needed: ReadonlyMap<string, Missing>,
  linked: ReadonlySet<string>,
): void {
  for (const [digest, blob] of needed) if (!blobs.has(digest)) mark.missing.push(blob);
  for (const [digest, data] of blobs) {
    if (needed.has(digest)) continue;
    const folder = blobFolder(layout, digest);
    mark.blobs.push(blobThing(folder, data));
    if (!linked.has(digest)) mark.unlinked.add(folder);
  }
}

/** A link that was written anew has another. */
export function identityOf({ path, stat }: LinkFile): string {
  return createHash("sha256").update(`${path} ${stat.inode} ${stat.modified}`).digest("base64").slice(0, 16);
}
