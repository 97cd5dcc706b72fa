import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  blobData,
  layerLink,
  layoutOf,
  revisionLink,
  tagLink,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { repositoryNames } from "../../../components/keeper/program/walk";

/*
 * A process of its own, that looks at the disk again and again: which tag lacks anything, and for how long. It writes
 * a line for each time that one was incomplete: milliseconds, when it began, tag, and what was not there.
 */
interface Lack {
  readonly since: number;
  readonly what: string;
  readonly inode: number;
}

const layout = layoutOf(process.argv[2] ?? "");
const lacking = new Map<string, Lack>();
const known = new Map<string, { blobs: string[]; manifests: string[] }>();
let [isOver, tagsSeen] = [false, 0];
process.on("SIGTERM", () => {
  isOver = true;
});

function isThere(path: string): boolean {
  return nodeDisk.stat(path) !== undefined;
}

/** What a manifest needs; undefined if it is not there. Content never changes under a digest. */
function partsOf(digest: string): { blobs: string[]; manifests: string[] } | undefined {
  const before = known.get(digest);
  if (before !== undefined) return isThere(blobData(layout, digest)) ? before : undefined;
  const text = nodeDisk.read(blobData(layout, digest));
  if (text === undefined) return undefined;
  const { config, layers = [], manifests = [] } = JSON.parse(text);
  const digests = (all: { digest: string }[]) => all.map((each) => each.digest);
  const parts = { blobs: digests([...(config ? [config] : []), ...layers]), manifests: digests(manifests) };
  known.set(digest, parts);
  return parts;
}

/** The first thing that a manifest lacks. */
function lackOf(repository: string, digest: string): string | undefined {
  const revision = revisionLink(layout, repository, digest);
  if (!isThere(revision)) return revision;
  const parts = partsOf(digest);
  if (parts === undefined) return blobData(layout, digest);
  for (const blob of parts.blobs)
    for (const path of [layerLink(layout, repository, blob), blobData(layout, blob)])
      if (!isThere(path)) return path;
  for (const child of parts.manifests) {
    const lack = lackOf(repository, child);
    if (lack !== undefined) return lack;
  }
  return undefined;
}

function check(repository: string, tag: string): void {
  const [name, path] = [`${repository}:${tag}`, tagLink(layout, repository, tag)];
  let before: { inode: number; digest: string };
  try {
    before = { inode: statSync(path).ino, digest: readFileSync(path, "utf8") };
  } catch {
    lacking.delete(name);
    return;
  }
  const what = lackOf(repository, before.digest);
  const lack = lacking.get(name);
  // The tag may have been written anew or deleted while it was looked at.
  if (what !== undefined && nodeDisk.stat(path)?.inode === before.inode) {
    if (lack?.inode !== before.inode) lacking.set(name, { since: Date.now(), what, inode: before.inode });
    return;
  }
  if (lack !== undefined && lack.inode === before.inode && what === undefined) tell(name, lack);
  lacking.delete(name);
}

function tell(name: string, { since, what }: Lack): void {
  const line = { milliseconds: Date.now() - since, since: new Date(since).toISOString(), name, what };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  while (!isOver) {
    for (const repository of repositoryNames(nodeDisk, layout)) {
      const tags = nodeDisk.names(`${layout.repositories}/${repository}/_manifests/tags`) ?? [];
      tagsSeen += tags.length;
      for (const tag of tags) check(repository, tag);
      for (const name of [...lacking.keys()]) {
        const [where = "", tag = ""] = name.split(":");
        check(where, tag);
      }
      await sleep(5);
    }
  }
  for (const [name, lack] of lacking) tell(name, lack);
  process.stdout.write(`${JSON.stringify({ tagsSeen })}\n`);
}

void main();
