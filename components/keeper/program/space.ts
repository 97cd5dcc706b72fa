import { blobsOf } from "./blobs";
import type { Context } from "./job";
import type { Layout } from "./layout";
import type { Manifest } from "./manifest";
import { type Relations, relationsIn } from "./relations";
import { blobSizes, linkedBlobs, tagsOf } from "./repository";
import { repositoryNames } from "./walk";

export interface RepositoryBytes {
  readonly repository: string;
  readonly tags: number;
  /** Manifests that no tag needs. */
  readonly untagged: number;
  /** Of all that it hands out, each blob once. */
  readonly bytes: number;
  /** Of what no other repository hands out. */
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
  /** Of what only its untagged manifests need. */
  readonly untaggedBytes: number;
}

export interface DiskBytes {
  readonly blobs: number;
  readonly bytes: number;
  readonly taggedBytes: number;
  readonly untaggedBytes: number;
  /** Of what no manifest mentions. */
  readonly unreferencedBytes: number;
}

export interface Space {
  readonly repositories: readonly RepositoryBytes[];
  readonly disk: DiskBytes;
}

/** What takes which space: repository by repository, and on the whole disk. */
export function spaceOf(context: Context, layout: Layout): Space {
  const { disk, say } = context;
  const bytesOf = blobSizes(disk, layout);
  const names = repositoryNames(disk, layout);
  const holders = new Map<string, number>();
  for (const name of names) {
    for (const digest of linkedBlobs(disk, layout, name)) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  }
  const [tagged, untagged] = [new Set<string>(), new Set<string>()];
  const repositories = names.map((repository, index): RepositoryBytes => {
    say(`repository ${index + 1} of ${names.length}`);
    const needs = needsOf(context, layout, repository);
    for (const digest of needs.tagged) tagged.add(digest);
    for (const digest of needs.untagged) untagged.add(digest);
    const linked = linkedBlobs(disk, layout, repository);
    const bytes = bytesOf(linked);
    const uniqueBytes = bytesOf([...linked].filter((digest) => holders.get(digest) === 1));
    return {
      repository,
      tags: needs.tags,
      untagged: needs.manifests,
      bytes,
      uniqueBytes,
      sharedBytes: bytes - uniqueBytes,
      untaggedBytes: bytesOf(without(needs.untagged, needs.tagged)),
    };
  });
  const all = blobsOf(disk, layout);
  const sum = (isMeant: (digest: string) => boolean) =>
    [...all].reduce((sum, [digest, { size }]) => (isMeant(digest) ? sum + size : sum), 0);
  return {
    repositories,
    disk: {
      blobs: all.size,
      bytes: sum(() => true),
      taggedBytes: sum((digest) => tagged.has(digest)),
      untaggedBytes: sum((digest) => untagged.has(digest) && !tagged.has(digest)),
      unreferencedBytes: sum((digest) => !untagged.has(digest) && !tagged.has(digest)),
    },
  };
}

interface Needs {
  readonly tags: number;
  /** How many manifests no tag needs. */
  readonly manifests: number;
  /** Blobs that tags need, and those that the other manifests need. */
  readonly tagged: ReadonlySet<string>;
  readonly untagged: ReadonlySet<string>;
}

function needsOf({ disk }: Context, layout: Layout, repository: string): Needs {
  const tags = tagsOf(disk, layout, repository);
  const relations = relationsIn(disk, layout, repository);
  const needed = neededManifests(
    relations,
    tags.map(({ link }) => link.digest),
  );
  const rest = [...relations.manifests].filter(([digest]) => !needed.has(digest));
  return {
    tags: tags.length,
    manifests: rest.length + without(relations.unreadable, needed).length,
    tagged: new Set(
      [...needed].flatMap((digest) => [digest, ...mentionedBy(relations.manifests.get(digest))]),
    ),
    untagged: new Set(rest.flatMap(([digest, manifest]) => [digest, ...mentionedBy(manifest)])),
  };
}

/** From tags through indexes to children, and to what signs or describes any of these. */
function neededManifests({ manifests, referrers }: Relations, tagged: readonly string[]): Set<string> {
  const needed = new Set(tagged);
  // What is added while the set is gone through is gone through, too.
  for (const digest of needed) {
    for (const child of manifests.get(digest)?.manifests ?? []) needed.add(child.digest);
    for (const referrer of referrers.get(digest) ?? []) needed.add(referrer);
  }
  return needed;
}

/** Also what an index mentions: the layers of a cache, which are in no manifest beside it. */
function mentionedBy(manifest: Manifest | undefined): string[] {
  return manifest === undefined ? [] : [...manifest.blobs, ...manifest.manifests].map(({ digest }) => digest);
}

function without(digests: Iterable<string>, others: ReadonlySet<string>): string[] {
  return [...digests].filter((digest) => !others.has(digest));
}
