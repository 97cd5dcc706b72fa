import type { Disk } from "./disk";
import { isManifest } from "./facts";
import { hashFile } from "./hashFile";
import { Unreadable } from "./job";
import { blobData, type Layout, layerLink, manifestFolder, revisionLink } from "./layout";
import { type Descriptor, isForeign, parseManifest } from "./manifest";
import { readLink } from "./walk";

/** Something that a tag needs and that is not as it must be. */
export interface Fault {
  readonly digest: string;
  /** For a person, such as "the layer sha256:… is not there". */
  readonly problem: string;
}

/** Looks at what there is, each blob once. */
export interface Inspection {
  readonly disk: Disk;
  readonly layout: Layout;
  /** The problem of each blob that was read, null if it has none. */
  readonly blobs: Map<string, string | null>;
  readonly onRead: (bytes: number) => void;
}

/** What is wrong with a manifest of a repository and with all that it reaches; nothing if it is whole. */
export function faultsOf(inspection: Inspection, repository: string, digest: string): Fault[] {
  const faults = new Map<string, Fault>();
  const manifests = new Set([digest]);
  const look: Look = { ...inspection, repository, manifests, layers: new Set(), faults };
  // It goes on with those that are added meanwhile.
  for (const each of manifests) inspectManifest(look, each);
  return [...faults.values()];
}

interface Look extends Inspection {
  readonly repository: string;
  /** Those that it is about to look at, or has. */
  readonly manifests: Set<string>;
  /** Those that it has looked at by a link of a layer: one may be a manifest as well. */
  readonly layers: Set<string>;
  readonly faults: Map<string, Fault>;
}

function inspectManifest(look: Look, digest: string): void {
  const path = revisionLink(look.layout, look.repository, digest);
  if (!inspectLinked(look, "manifest", digest, path)) return;
  const manifest = manifestOf(look, digest);
  if (manifest === undefined) return;
  for (const blob of manifest.blobs)
    inspectBlob(look, blob, manifest.config === blob ? "configuration" : "layer");
  for (const child of manifest.manifests) inspectChild(look, child);
}

/**
 * The registry can be set up to take an index without its children: one that was never there is no fault. One that was has
 * left its folder, until a collection.
 */
function inspectChild(look: Look, child: Descriptor): void {
  const { disk, layout, repository } = look;
  if (!isManifest(child)) {
    if (disk.stat(layerLink(layout, repository, child.digest))) inspectBlob(look, child, "layer");
  } else if (disk.stat(manifestFolder(layout, repository, child.digest))) look.manifests.add(child.digest);
}

function inspectBlob(look: Look, blob: Descriptor, what: string): void {
  const { digest } = blob;
  if (look.layers.has(digest)) return;
  look.layers.add(digest);
  const path = layerLink(look.layout, look.repository, digest);
  if (isForeign(blob) && look.disk.stat(path) === undefined) return;
  inspectLinked(look, what, digest, path);
}

/** Whether a link and the blob that it points to are there, and the blob is what its name says. */
function inspectLinked(look: Look, what: string, digest: string, path: string): boolean {
  const fault = linkFault(look, path);
  if (fault === undefined) return true;
  look.faults.set(digest, { digest, problem: `the ${what} ${digest} ${fault}` });
  return false;
}

function linkFault(look: Look, path: string): string | undefined {
  try {
    const link = readLink(look.disk, path);
    if (link === undefined) return "has no link in the repository";
    return blobFault(look, link.digest) ?? undefined;
  } catch (error) {
    if (error instanceof Unreadable) return "has a link without a digest";
    throw error;
  }
}

function blobFault({ layout, blobs, onRead }: Look, digest: string): string | null {
  const known = blobs.get(digest);
  if (known !== undefined) return known;
  const hash = hashFile(blobData(layout, digest), digest, onRead);
  const fault =
    hash === undefined ? "is not there" : hash === digest ? null : "has other content than its digest says";
  blobs.set(digest, fault);
  return fault;
}

function manifestOf(look: Look, digest: string): ReturnType<typeof parseManifest> | undefined {
  try {
    return parseManifest(look.disk.read(blobData(look.layout, digest)) ?? "", digest);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    look.faults.set(digest, { digest, problem: error.message });
    return undefined;
  }
}
