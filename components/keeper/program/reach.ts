import type { Disk } from "./disk";
import { blobData, blobFolder, type Layout, layerLink, revisionLink } from "./layout";
import { type Descriptor, isForeign, parseManifest } from "./manifest";
import type { Link } from "./walk";

/** The links of one repository as they are on the disk, by the digest that each is named by. */
export interface Ground {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly repository: string;
  readonly revisions: ReadonlyMap<string, Link>;
  readonly layers: ReadonlyMap<string, Link>;
}

/** Something needed that is not there. */
export interface Missing {
  readonly path: string;
  /** For a person: what lacks it. */
  readonly of: string;
  /** What it is missing for. */
  readonly weight: Weight;
}

/**
 * `fatal`: the manifest of a tag, without which nobody can say what the tag needs. `lost`: a tag cannot be pulled.
 * `absent`: nothing is wrong, such as a child that an index mentions and that was never pushed. `orphan`: it went with
 * its subject, which is needed again, and may have come back.
 */
export type Weight = "fatal" | "lost" | "absent" | "orphan";

/** What was found to be needed, so far. */
export interface Reach {
  /** Paths of links of this repository. */
  readonly links: Set<string>;
  /** Blobs, with what it means if they are not there. */
  readonly blobs: Map<string, Missing>;
  /** Links of this repository that are not there. */
  readonly missing: Map<string, Missing>;
}

/** A manifest to go through, and what it is missing for. */
interface Waiting {
  readonly digest: string;
  readonly weight: Weight;
}

/** Through a manifest to all that it needs. `of` says to a person whose manifest it is. */
export function reachManifest(
  ground: Ground,
  reach: Reach,
  digest: string,
  of: string,
  weight: Weight,
): void {
  // No function that calls itself: whoever may push can put very many indexes within each other.
  const waiting: Waiting[] = [{ digest, weight }];
  for (const each of waiting) reachOne(ground, reach, each, of, waiting);
}

function reachOne(
  ground: Ground,
  reach: Reach,
  { digest, weight }: Waiting,
  of: string,
  waiting: Waiting[],
): void {
  const { disk, layout, repository, revisions } = ground;
  const path = revisionLink(layout, repository, digest);
  if (reach.links.has(path)) return;
  reach.links.add(path);
  if (!revisions.has(digest)) {
    // Nobody can pull by a manifest that this repository has no link to, so it needs nothing either, unless it comes back.
    note(reach.missing, path, { path, of, weight: weight === "fatal" ? "lost" : weight });
    needBlob(ground, reach, digest, of, "absent");
    return;
  }
  needBlob(ground, reach, digest, of, weight);
  const text = disk.read(blobData(layout, digest));
  if (text === undefined) return;
  const manifest = parseManifest(text, digest);
  for (const blob of manifest.blobs) reachBlob(ground, reach, blob, of, weight);
  for (const child of manifest.manifests) waiting.push(reachChild(ground, reach, child, of, weight));
}

/** A layer without regard to who needs it, with the blob that its link points to. */
export function reachLayer(ground: Ground, reach: Reach, { path, digest }: Link): void {
  reach.links.add(path);
  needBlob(ground, reach, digest, path, "absent");
}

/** A layer or configuration: its link in the repository, and the blob that the link points to. */
function reachBlob(ground: Ground, reach: Reach, blob: Descriptor, of: string, weight: Weight): void {
  const path = layerLink(ground.layout, ground.repository, blob.digest);
  const link = ground.layers.get(blob.digest);
  reach.links.add(path);
  if (link === undefined) {
    const missing = weight === "absent" || isForeign(blob) ? "absent" : "lost";
    note(reach.missing, path, { path, of, weight: missing });
  }
  const blobWeight = link === undefined || weight === "absent" ? "absent" : "lost";
  needBlob(ground, reach, link?.digest ?? blob.digest, of, blobWeight);
}

/**
 * A child of an index: a manifest, which is to be gone through, or a layer, as in the caches of BuildKit. The registry can be set up to take an index
 * without its children (`validation.manifests.indexes` in configuration.md of v3.1): one that is not there is no loss.
 */
function reachChild(ground: Ground, reach: Reach, child: Descriptor, of: string, weight: Weight): Waiting {
  const [isLayer, isManifest] = [ground.layers, ground.revisions].map((links) => links.has(child.digest));
  // Of one that is neither nobody knows which it was: both may be in the trash.
  if (isLayer || !isManifest) reachBlob(ground, reach, child, of, isLayer ? weight : "absent");
  return { digest: child.digest, weight: isManifest ? weight : "absent" };
}

function needBlob({ layout }: Ground, { blobs }: Reach, digest: string, of: string, weight: Weight): void {
  note(blobs, digest, { path: blobFolder(layout, digest), of, weight });
}

const HEAVIER: readonly Weight[] = ["orphan", "absent", "lost", "fatal"];

/** Adds what may be missing; what is missing for two reasons is so for the heavier. */
export function note(all: Map<string, Missing>, key: string, missing: Missing): void {
  const known = all.get(key);
  if (known === undefined || HEAVIER.indexOf(missing.weight) > HEAVIER.indexOf(known.weight)) {
    all.set(key, missing);
  }
}
