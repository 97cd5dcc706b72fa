import type { Disk } from "./disk";
import { isManifest } from "./facts";
import { shortDigest } from "./format";
import { Refusal } from "./job";
import { blobFolder, type Layout, layerLink, leaf, placeIn, revisionLink } from "./layout";
import { type Descriptor, isForeign, parseManifest } from "./manifest";
import { type Batch, giveBack, isThere, statIn } from "./trash";
import { isDigest } from "./walk";
import { renewLink } from "./writeLink";

/** One repository, with the trash that things may come back from: the newest batch first. */
export interface Source {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly repository: string;
  readonly batches: readonly Batch[];
}

/** What brings something back needs to know. */
export interface Restoring extends Source {
  /** Whether a run has found that nothing needs a link, or is about to take it. */
  readonly isUnneeded: (link: string) => boolean;
}

/** A link or the folder of a blob that must be there; in which batch it is if it is not. */
interface Need {
  readonly path: string;
  readonly batch?: Batch;
}

/** What came of it. */
export interface BroughtBack {
  /** How many things came out of the trash. */
  readonly returned: number;
  /** Children of an index that are not here: never were, or are purged. */
  readonly absent: readonly string[];
  /** Digests of all manifests that are there with it. */
  readonly manifests: readonly string[];
}

interface Plan extends Source {
  /** What others need before what needs it. */
  readonly needs: Need[];
  readonly absent: string[];
  readonly seen: Set<string>;
}

/**
 * Brings a manifest back with all that it reaches, from any batch. Its own link is written anew, as by a push, if it is
 * nowhere, as clients delete it by its digest; and if a run has found that nothing needs it, which would take it again.
 * @throws Refusal before anything is moved if something that it needs is nowhere
 */
export function bringBack(source: Restoring, digest: string): BroughtBack {
  const { disk, layout, repository } = source;
  const plan: Plan = { ...source, needs: [], absent: [], seen: new Set() };
  const link = revisionLink(layout, repository, digest);
  const found = find(source, link);
  const isRenewed = found === undefined || source.isUnneeded(link);
  planManifest(plan, digest, isRenewed ? undefined : found);
  for (const { path, batch } of plan.needs) {
    if (batch !== undefined && !giveBack(disk, layout, batch, path) && !isThere(disk, path)) {
      throw new Refusal(`${path} went while it was being restored: ask again`);
    }
  }
  // The one before, which is not what comes back.
  const stale = isRenewed ? found?.batch : undefined;
  if (isRenewed) renewLink(disk, layout, link, digest);
  if (stale !== undefined) disk.removeFile(placeIn(layout, stale, link));
  const returned = plan.needs.filter(({ batch }) => batch !== undefined).length;
  return {
    returned: returned + (stale === undefined ? 0 : 1),
    absent: plan.absent,
    manifests: [...plan.seen],
  };
}

/** A link or the folder of a blob: in its place, in the trash, or nowhere. */
export function find({ disk, layout, batches }: Source, path: string): Need | undefined {
  if (isThere(disk, path)) return { path };
  const batch = batches.find((batch) => statIn(disk, layout, batch, path) !== undefined);
  return batch && { path, batch };
}

/** The text of what was found. */
export function textOf({ disk, layout }: Source, { path, batch }: Need): string {
  return disk.read(leaf(batch === undefined ? path : placeIn(layout, batch, path))) ?? "";
}

function planManifest(plan: Plan, digest: string, link: Need | undefined): void {
  if (plan.seen.has(digest)) return;
  plan.seen.add(digest);
  const blob = findBlob(plan, digest);
  if (blob === undefined) throw gone("the manifest", digest);
  const manifest = parseManifest(textOf(plan, blob), digest);
  for (const part of manifest.blobs)
    if (!planBlob(plan, part) && !isForeign(part)) throw gone("its layer", part.digest);
  for (const child of manifest.manifests) planChild(plan, child);
  plan.needs.push(blob);
  if (link !== undefined) plan.needs.push(link);
}

function planChild(plan: Plan, child: Descriptor): void {
  const link = find(plan, revisionLink(plan.layout, plan.repository, child.digest));
  if (link !== undefined && findBlob(plan, child.digest) !== undefined)
    planManifest(plan, child.digest, link);
  else if (isManifest(child) || !planBlob(plan, child)) plan.absent.push(child.digest);
}

/** Whether a layer or configuration is somewhere, with its link. */
function planBlob(plan: Plan, { digest }: Descriptor): boolean {
  const link = find(plan, layerLink(plan.layout, plan.repository, digest));
  const target = link && textOf(plan, link);
  const blob = target && isDigest(target) ? findBlob(plan, target) : undefined;
  if (link === undefined || blob === undefined) return false;
  plan.needs.push(blob, link);
  return true;
}

function findBlob(plan: Plan, digest: string): Need | undefined {
  return find(plan, blobFolder(plan.layout, digest));
}

function gone(what: string, digest: string): Refusal {
  return new Refusal(
    `nothing was restored: ${what} ${shortDigest(digest)} is neither here nor in the trash any more`,
  );
}
