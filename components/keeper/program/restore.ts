import { type BroughtBack, bringBack, find, type Restoring, type Source, textOf } from "./bringBack";
import { bringSignatures, type Signatures } from "./bringSignatures";
import { counted, minuteText, shortDigest, someOf } from "./format";
import { type Answer, type Context, Refusal } from "./job";
import { layoutOf, manifestFolder, revisionLink, tagIndexLink, tagLink } from "./layout";
import { forget, recall } from "./memory";
import { checkPlace } from "./place";
import { type Reference, referenceOf, referenceText, tagOf } from "./repository";
import type { Request } from "./request";
import { type Run, runFile } from "./run";
import { readState } from "./stateFile";
import { type GoneTag, lastSeen, readIndex } from "./tagIndex";
import { batchesOf } from "./trash";
import { giveTagBack, tagsIn } from "./trashedTags";
import { isDigest } from "./walk";
import { writeLink } from "./writeLink";

interface Restored extends BroughtBack {
  readonly from: "trash" | "index";
  readonly digest: string;
  readonly tags: readonly string[];
  readonly signatures: Signatures;
}

/** Puts back what was deleted, never over what is there. */
export function restore(context: Context, request: Request): Answer {
  checkPlace(context);
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const reference = referenceOf(request);
  const source = {
    disk,
    layout,
    repository: reference.repository,
    batches: batchesOf(disk, layout),
    isUnneeded: unneededIn(context),
  };
  const { tag, digest } = reference;
  if (tag !== undefined) return restoreTag(context, source, reference, tag);
  if (digest === undefined) throw new Refusal("restore needs either a tag or a digest");
  return restoreManifest(context, source, reference, digest);
}

function restoreTag(context: Context, source: Restoring, reference: Reference, tag: string): Answer {
  const { disk, layout, repository } = source;
  const there = tagOf(disk, layout, repository, tag);
  if (there !== undefined) throw isThere(reference, there.link.digest);
  const path = tagLink(layout, repository, tag);
  const taken = find(source, path);
  const seen = lastSeen(readIndex(context), repository, tag);
  // What was pushed after the keeper had taken the tag, and deleted by another client, is the newer of the two.
  const batch = seen === undefined || (taken?.batch?.time ?? 0) >= seen.lastSeen ? taken?.batch : undefined;
  if (batch === undefined && seen === undefined) {
    throw new Refusal(`${referenceText(reference)} is not in the trash, and no index has seen it of late`);
  }
  const digest = batch === undefined ? (seen?.digest ?? "") : textOf(source, { path, batch });
  if (!isDigest(digest)) throw new Refusal(`${referenceText(reference)} had no digest in it`);
  forgetCandidates(context, source);
  const brought = bringBack(source, digest);
  const isBack = batch === undefined ? writeTag(source, tag, digest) : giveTagBack(source, batch, tag);
  if (!isBack) throw isThere(reference, tagOf(disk, layout, repository, tag)?.link.digest ?? "");
  const restored: Restored = {
    ...brought,
    from: batch === undefined ? "index" : "trash",
    digest,
    tags: [tag],
    signatures: bringSignatures(source, brought.manifests),
  };
  const pushed = disk.stat(path)?.modified ?? 0;
  const how = batch === undefined ? indexText(seen) : trashText(pushed, batch.reason.kind === "retention");
  return answerOf(reference, restored, how);
}

function restoreManifest(context: Context, source: Restoring, reference: Reference, digest: string): Answer {
  const { disk, layout, repository, batches } = source;
  const link = revisionLink(layout, repository, digest);
  const wasHere = disk.stat(link) !== undefined;
  const tags = batches
    .filter(({ reason }) => reason.repository === repository && reason.digest === digest)
    .flatMap((batch) => tagsIn(source, batch).map((tag) => ({ batch, tag })));
  if (wasHere && tags.length === 0)
    throw new Refusal(`${referenceText(reference)} is there: nothing to restore`);
  // The registry leaves the folder of a link that it deletes. Nobody gets a manifest that was only in another repository.
  if (
    find(source, link) === undefined &&
    disk.names(manifestFolder(layout, repository, digest)) === undefined
  ) {
    throw new Refusal(`${referenceText(reference)} is not in the trash, and never was in this repository`);
  }
  forgetCandidates(context, source);
  const brought = bringBack(source, digest);
  const back = tags.filter(({ batch, tag }) => giveTagBack(source, batch, tag)).map(({ tag }) => tag);
  const kept = tags.map(({ tag }) => tag).filter((tag) => !back.includes(tag));
  const signatures = bringSignatures(source, brought.manifests);
  const restored: Restored = { ...brought, from: "trash", digest, tags: back, signatures };
  const keptText = kept.length === 0 ? "" : `Pushed again since and left as they are: ${someOf(kept)}.\n`;
  return answerOf(reference, restored, keptText);
}

/** Tells what a run has found long ago, or is about to take. */
function unneededIn(context: Context): (link: string) => boolean {
  const memories = ["candidates", "untagged"].map((name) => recall(context, name));
  const going = readState<Pick<Run, "links">>(context, runFile)?.links ?? [];
  const paths = new Set(going.map(({ path }) => path));
  return (link) => paths.has(link) || memories.some((memory) => memory[link] !== undefined);
}

/**
 * The grace begins anew. What is about a manifest that is still gone, such as its signature, nothing needs: its links,
 * which are as they were, would go with the next run, and its layers before its manifest.
 */
function forgetCandidates(context: Context, { layout, repository }: Source): void {
  forget(context, "candidates", layout, repository);
}

function writeTag({ disk, layout, repository }: Source, tag: string, digest: string): boolean {
  const history = tagIndexLink(layout, repository, tag, digest);
  if (disk.stat(history) === undefined) writeLink(disk, layout, history, digest);
  return writeLink(disk, layout, tagLink(layout, repository, tag), digest);
}

function isThere(reference: Reference, digest: string): Refusal {
  return new Refusal(
    `${referenceText(reference)} is there and points to ${shortDigest(digest)}: it stays. To have an older one back, delete it first`,
  );
}

function trashText(pushed: number, byRule: boolean): string {
  const again = byRule
    ? "A rule of retention took it, and takes it again in the next night: add it to keepTags, or push it again.\n"
    : "";
  return `From the trash, exactly as it was: pushed ${minuteText(pushed)}.\n${again}`;
}

function indexText(seen: GoneTag | undefined): string {
  if (seen === undefined) return "";
  const { lastSeen, pushed } = seen;
  return `From the hourly index: so it was at ${minuteText(lastSeen)}, pushed ${minuteText(pushed)}. It counts as pushed now.\n`;
}

function answerOf(
  reference: Reference,
  { from, digest, tags, returned, absent, signatures }: Restored,
  how: string,
): Answer {
  const { repository } = reference;
  const text = [
    reference.tag === undefined
      ? `Restored ${referenceText(reference)} with ${tags.length === 0 ? "no tag" : `${counted(tags.length, "tag")}: ${tags.join(", ")}`}.\n`
      : `Restored ${referenceText(reference)}: it points to ${digest} again.\n`,
    how,
    returned > 0 ? `Of what it needs ${counted(returned, "file")} came back from the trash.\n` : "",
    signatures.back.length > 0
      ? `What signs or describes it is back, too: ${someOf(signatures.back)}.\n`
      : "",
    signatures.lost.length > 0
      ? `Purged, and to be signed or described anew: ${someOf(signatures.lost.map(shortDigest))}.\n`
      : "",
    absent.length > 0 ? `Not here, as an index may be without: ${someOf(absent.map(shortDigest))}.\n` : "",
  ];
  return { text: text.join(""), json: { repository, digest, tags, from, returned, absent, signatures } };
}
