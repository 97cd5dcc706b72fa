import { utimesSync } from "node:fs";
import { type BackupList, isTag, type ListedBlob, listFile, parseBackupList } from "./backupList";
import { counted, someOf } from "./format";
import { hashFile } from "./hashFile";
import { type Context, Unreadable } from "./job";
import { blobData, layoutOf } from "./layout";
import { verifiedIn } from "./verify";
import { isDigest, repositoryNames } from "./walk";

/** Below the registry's root, and nowhere else: the list may come from anywhere. */
const LINK =
  /^repositories\/(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*\/)+_(?:layers|manifests)\/(?:(?!\.{1,2}\/)[A-Za-z0-9._+-]+\/)+link$/;

/** What a restored folder was found to lack or to have wrongly; nothing of it is in use yet. */
export interface Proof {
  readonly tags: number;
  readonly links: number;
  readonly problems: readonly string[];
}

/**
 * Writes the links of a backup's list into a folder that has its blobs, each with its time, and reads everything: each tag
 * must be what the list says, with all that it needs, and every blob what its digest says.
 */
export function rebuild(context: Context): Proof {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const text = disk.read(listFile(context));
  if (text === undefined) throw new Unreadable("the backup has no list");
  const list = parseBackupList(text);
  for (const { link, digest, modified } of list.links) {
    if (!LINK.test(link) || !isDigest(digest))
      throw new Unreadable(`the list of the backup has an odd link, ${link}`);
    const path = `${layout.root}/${link}`;
    disk.write(path, digest);
    utimesSync(path, modified / 1000, modified / 1000);
  }
  const tags = list.links.filter(({ link }) => isTag(link));
  const read = new Map<string, string | null>();
  const faults = faultsNow(context, read);
  const others = list.blobs.filter(({ blob }) => !read.has(blob));
  return {
    tags: tags.length,
    links: list.links.length,
    problems: [...sizeProblems(context, list), ...faults, ...contentProblems(context, others)],
  };
}

/** Of blobs that no tag needs: who pulls by digest may. What is not there has been told. */
function contentProblems({ settings }: Context, blobs: readonly ListedBlob[]): string[] {
  const layout = layoutOf(settings.dataFolder);
  return blobs.flatMap(({ blob }) => {
    const hash = hashFile(blobData(layout, blob), blob, () => {});
    return hash === undefined || hash === blob ? [] : [`${blob} has other content than its digest says`];
  });
}

/** What was cut short, or is not there. */
function sizeProblems({ disk, settings }: Context, { blobs }: BackupList): string[] {
  const layout = layoutOf(settings.dataFolder);
  return blobs.flatMap(({ blob, size }) => {
    const found = disk.stat(blobData(layout, blob))?.size;
    if (found === size) return [];
    return [`${blob} ${found === undefined ? "is not there" : `has ${found} bytes instead of ${size}`}`];
  });
}

function faultsNow(context: Context, read: Map<string, string | null>): string[] {
  const layout = layoutOf(context.settings.dataFolder);
  const { faults } = verifiedIn(context, repositoryNames(context.disk, layout), read);
  return faults.map(({ problem, tags }) => `${problem}, which ${someOf(tags)} needs`);
}

/** Rebuilds, and fails with all that was found. @throws Error for a backup that is not whole */
export function proveRebuilt(context: Context): void {
  const proof = rebuild(context);
  if (proof.problems.length > 0) throw new Error(proofText(proof).trimEnd());
  console.log(proofText(proof).trimEnd());
}

/** For a person. */
export function proofText({ tags, links, problems }: Proof): string {
  if (problems.length === 0) return `whole: ${counted(tags, "tag")}, ${counted(links, "link")}\n`;
  return `${problems.map((problem) => `${problem}\n`).join("")}not whole: ${counted(problems.length, "problem")}\n`;
}
