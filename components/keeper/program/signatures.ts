import type { Disk } from "./disk";
import { historyFolder, type Layout, manifestFolder, placeIn, revisionsFolder } from "./layout";
import { batchNames } from "./trash";
import { linkPlaces } from "./walk";

/** A repository on a disk. */
interface Place {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly repository: string;
}

const SIGNATURE = /^sha256-([0-9a-f]{64})(?:[.](?:sig|att|sbom))?$/;

/**
 * What a tag by its name signs or describes: cosign names signatures, attestations and lists of parts so, and clients
 * whatever refers to a manifest, where a registry has no list of that. A tag that is named by its own digest, as programs
 * write that copy by digest, is about nothing.
 *
 * @param digest What it points to.
 */
export function subjectOfTag(tag: string, digest: string): string | undefined {
  const [, hex] = SIGNATURE.exec(tag) ?? [];
  return hex === undefined || digest === `sha256:${hex}` ? undefined : `sha256:${hex}`;
}

/**
 * Tells whether a digest is or was a manifest of a repository, as far as that shows: its folder is there, which the
 * registry leaves when it deletes the link in it, or it is in the trash, or a tag has pointed to it.
 *
 * @param tags The tags whose history counts, asked for when nothing else shows it.
 */
export function manifestsEver(
  { disk, layout, repository }: Place,
  tags: () => readonly string[],
  isTrashed: (digest: string) => boolean,
): (digest: string) => boolean {
  let history: ReadonlySet<string> | undefined;
  const inHistory = (digest: string): boolean => {
    history ??= new Set(
      tags().flatMap((tag) => namedIn(disk, historyFolder(layout, repository, tag), ["sha256"])),
    );
    return history.has(digest);
  };
  return (digest) =>
    disk.names(manifestFolder(layout, repository, digest)) !== undefined ||
    isTrashed(digest) ||
    inHistory(digest);
}

/** Tells whether a manifest of a repository is in the trash. */
export function manifestsTrashed({ disk, layout, repository }: Place): (digest: string) => boolean {
  const revisions = revisionsFolder(layout, repository);
  let trashed: ReadonlySet<string> | undefined;
  return (digest) => {
    trashed ??= new Set(
      batchNames(disk, layout).flatMap((name) => namedIn(disk, placeIn(layout, { name }, revisions))),
    );
    return trashed.has(digest);
  };
}

/** The digests that the folders in a folder are named by. */
function namedIn(disk: Disk, folder: string, algorithms?: readonly string[]): string[] {
  return [...linkPlaces(disk, folder, algorithms)].map(({ named }) => named);
}
