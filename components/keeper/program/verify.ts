import { counted, sizeText, someOf, table } from "./format";
import type { Answer, Context } from "./job";
import { type Layout, layoutOf } from "./layout";
import { blobSizes, checkRepository, linkedBlobs, tagOf, tagsOf } from "./repository";
import type { Request } from "./request";
import { repositoryNames } from "./walk";
import { type Fault, faultsOf, type Inspection } from "./wholeness";

/** A fault with the tags that cannot be pulled for it. */
export interface Hit extends Fault {
  readonly tags: readonly string[];
}

interface TagName {
  readonly repository: string;
  readonly name: string;
}

export interface Verified {
  readonly repositories: number;
  readonly tags: number;
  readonly broken: number;
  /** Different ones that were read. */
  readonly blobs: number;
  readonly bytes: number;
  readonly faults: readonly Hit[];
}

/** Whether each tag has its manifests and blobs, and these are what their digests say. */
export function verify(context: Context, { repository }: Request): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  if (repository !== undefined) checkRepository(disk, layout, repository);
  const verified = verifiedIn(
    context,
    repository === undefined ? repositoryNames(disk, layout) : [repository],
  );
  return { text: textOf(verified), json: verified, failed: verified.broken > 0 };
}

/**
 * Reads all that the tags of these repositories need.
 * @param blobs - gets the problem of each blob that was read, null if it has none
 */
export function verifiedIn(
  context: Context,
  names: readonly string[],
  blobs: Inspection["blobs"] = new Map(),
): Verified {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const reading = readingOf(context, layout, names, blobs);
  const tags = names.flatMap((repository) =>
    tagsOf(disk, layout, repository).map(({ name }) => ({ repository, name })),
  );
  const faultsOfTag = (tag: TagName) => faultsNow(reading.inspection, tag);
  const suspects = tags.filter((tag) => faultsOfTag(tag).length > 0);
  // Looked at again: what somebody has deleted or pushed meanwhile is not broken, nor what a collection gave back.
  forgetFaults(reading.inspection);
  const broken = suspects.filter((tag) => faultsOfTag(tag).length > 0);
  return {
    repositories: names.length,
    tags: tags.length,
    broken: broken.length,
    blobs: reading.inspection.blobs.size,
    bytes: reading.bytes(),
    faults: hitsOf(broken, faultsOfTag),
  };
}

/** Counts what is read, and tells of it. */
function readingOf(
  { disk, say }: Context,
  layout: Layout,
  names: readonly string[],
  blobs: Inspection["blobs"],
) {
  const sizeOf = blobSizes(disk, layout);
  const all = sizeOf(new Set(names.flatMap((name) => [...linkedBlobs(disk, layout, name)])));
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
    say(`${sizeText(read)} of at most ${sizeText(all)} read`);
  };
  const inspection: Inspection = { disk, layout, blobs, onRead };
  return { inspection, bytes: () => read };
}

/** What is wrong with a tag as it stands now; nothing if it is gone. */
function faultsNow(inspection: Inspection, { repository, name }: TagName): Fault[] {
  const tag = tagOf(inspection.disk, inspection.layout, repository, name);
  if (tag === undefined) return [];
  if (tag.fault !== undefined) return [{ digest: "", problem: `the tag itself: ${tag.fault}` }];
  return faultsOf(inspection, repository, tag.link.digest);
}

function forgetFaults({ blobs }: Inspection): void {
  for (const [digest, problem] of blobs) if (problem !== null) blobs.delete(digest);
}

function hitsOf(broken: readonly TagName[], faultsOfTag: (tag: TagName) => Fault[]): Hit[] {
  const hits = new Map<string, Fault & { readonly tags: string[] }>();
  for (const tag of broken) {
    for (const fault of faultsOfTag(tag)) {
      const hit = hits.get(fault.problem) ?? { ...fault, tags: [] };
      hits.set(fault.problem, hit);
      hit.tags.push(`${tag.repository}:${tag.name}`);
    }
  }
  return [...hits.values()];
}

function textOf({ repositories, tags, broken, blobs, bytes, faults }: Verified): string {
  const what = `${counted(tags, "tag")} in ${counted(repositories, "repository", "repositories")}`;
  const read = `${sizeText(bytes)} in ${counted(blobs, "blob")} read`;
  if (broken === 0) return `whole: ${what}; ${read}\n`;
  const rows = faults.map(({ problem, tags }) => [problem, someOf(tags, 10)]);
  return `${table(["FAULT", "TAGS"], rows)}\nbroken: ${broken} of ${what}; ${read}\n`;
}
