import type { Disk } from "./disk";
import { historyFolder, type Layout, placeIn, revisionsFolder, tagsFolder } from "./layout";
import { batchNames } from "./trash";
import { linkPlaces } from "./walk";

const SIGNATURE = /^sha256-([0-9a-f]{64})(?:[.](?:sig|att|sbom))?$/;

/**
 * What a tag by its name signs or describes: cosign names signatures, attestations and lists of parts so, and clients
 * whatever refers to a manifest, where a registry has no list of that.
 */
export function subjectOfTag(tag: string): string | undefined {
  const [, hex] = SIGNATURE.exec(tag) ?? [];
  return hex && `sha256:${hex}`;
}

/**
 * Tells whether a digest is or was a manifest of a repository, as far as that shows: it is there, it is in the trash, or
 * a tag once pointed to it.
 */
export function manifestsOf(disk: Disk, layout: Layout, repository: string): (digest: string) => boolean {
  let present: ReadonlySet<string> | undefined;
  let past: ReadonlySet<string> | undefined;
  return (digest) => {
    present ??= digestsIn(disk, revisionsFolder(layout, repository));
    if (present.has(digest)) return true;
    past ??= pastManifests(disk, layout, repository);
    return past.has(digest);
  };
}

function pastManifests(disk: Disk, layout: Layout, repository: string): Set<string> {
  const revisions = revisionsFolder(layout, repository);
  const folders = [
    ...batchNames(disk, layout).map((name) => placeIn(layout, { name }, revisions)),
    ...(disk.names(tagsFolder(layout, repository)) ?? []).map((tag) =>
      historyFolder(layout, repository, tag),
    ),
  ];
  return new Set(folders.flatMap((folder) => [...digestsIn(disk, folder)]));
}

/** The digests that the folders in a folder are named by. */
function digestsIn(disk: Disk, folder: string): Set<string> {
  return new Set([...linkPlaces(disk, folder)].map(({ named }) => named));
}
