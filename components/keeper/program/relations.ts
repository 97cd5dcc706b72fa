import type { Disk } from "./disk";
import { Unreadable } from "./job";
import type { Layout } from "./layout";
import { type Manifest, readManifest } from "./manifest";
import { manifestDigests, type Tag } from "./repository";
import { subjectOfTag } from "./signatures";

/** Which manifests of one repository mention which. */
export interface Relations {
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** By the digest of a child the indexes that mention it. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
  /** By the digest of a subject the manifests that sign or describe it and say so themselves. */
  readonly referrers: ReadonlyMap<string, readonly string[]>;
  /** Manifests of which nobody can say what they mention. */
  readonly unreadable: readonly string[];
}

export function relationsIn(disk: Disk, layout: Layout, repository: string): Relations {
  const manifests = new Map<string, Manifest>();
  const indexes = new Map<string, string[]>();
  const referrers = new Map<string, string[]>();
  const unreadable: string[] = [];
  for (const digest of manifestDigests(disk, layout, repository)) {
    const manifest = manifestOrNothing(disk, layout, digest);
    if (manifest === undefined) {
      unreadable.push(digest);
      continue;
    }
    manifests.set(digest, manifest);
    for (const child of manifest.manifests) add(indexes, child.digest, digest);
    if (manifest.subject !== undefined) add(referrers, manifest.subject, digest);
  }
  return { manifests, indexes, referrers, unreadable };
}

/** Tags that sign or describe one of these manifests by their name, as cosign and clients of older registries write them. */
export function subjectTags(tags: readonly Tag[], manifests: ReadonlySet<string>): Tag[] {
  return tags.filter((tag) => manifests.has(subjectOf(tag) ?? ""));
}

/** What a tag by its name signs or describes. */
export function subjectOf({ name, link }: Tag): string | undefined {
  return subjectOfTag(name, link.digest);
}

function manifestOrNothing(disk: Disk, layout: Layout, digest: string): Manifest | undefined {
  try {
    return readManifest(disk, layout, digest);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function add(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
