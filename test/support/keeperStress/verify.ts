import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Ledger, withChildren } from "./ledger";
import type { World } from "./traffic";

/** What is wrong in the end, by what clients were told and by what is on the disk; nothing if all is well. */
export interface Verdict {
  readonly wrong: readonly string[];
  readonly tags: number;
  readonly digests: number;
  /** Sizes of all blobs, and of those that a manifest of some repository mentions or is. */
  readonly bytes: number;
  readonly referenced: number;
}

/** Reads every digest of every tag by HTTP, and adds up the disk without any code of the keeper's. */
export async function verify({ client, ledger }: World, dataFolder: string): Promise<Verdict> {
  const wrong: string[] = [];
  const digests = new Set<string>();
  const tags = ledger.tags().filter(({ repository, tag }) => ledger.mustBe(repository, tag));
  for (const { repository, tag, image } of tags) {
    try {
      const found = await client.pull(repository, tag);
      if (found.digest !== image.digest)
        wrong.push(`${repository}:${tag} is ${found.digest}, not ${image.digest}`);
      for (const each of withChildren(found))
        for (const { digest } of [each, ...each.blobs]) digests.add(digest);
    } catch (error) {
      wrong.push(`${repository}:${tag}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const disk = diskOf(join(dataFolder, "docker/registry/v2"));
  wrong.push(...differences(ledger, disk.revisions));
  const needed = new Set<string>();
  for (const [repository, revisions] of disk.revisions)
    for (const digest of revisions) {
      needed.add(digest);
      const text = readData(dataFolder, digest);
      if (text === undefined) wrong.push(`${repository}@${digest} has a link and no blob`);
      else for (const each of mentionedIn(text)) needed.add(each);
    }
  const sum = (all: Iterable<string>) =>
    [...all].reduce((bytes, digest) => bytes + (disk.blobs.get(digest) ?? 0), 0);
  for (const digest of disk.blobs.keys())
    if (!needed.has(digest)) wrong.push(`nothing needs the blob ${digest}`);
  for (const digest of needed) if (!disk.blobs.has(digest)) wrong.push(`the blob ${digest} is not there`);
  return {
    wrong,
    tags: tags.length,
    digests: digests.size,
    bytes: sum(disk.blobs.keys()),
    referenced: sum(needed),
  };
}

/** Manifests that are there and must not be, or the other way round. */
function differences(ledger: Ledger, found: Map<string, Set<string>>): string[] {
  const wrong: string[] = [];
  const tagged = new Set(
    ledger
      .tags()
      .filter(({ repository, tag }) => ledger.mustBe(repository, tag))
      .flatMap(({ repository, image }) => withChildren(image).map(({ digest }) => `${repository}@${digest}`)),
  );
  for (const repository of new Set([...found.keys(), ...ledger.repositories()])) {
    const pushed = ledger.manifests(repository);
    const there = found.get(repository) ?? new Set();
    for (const digest of there)
      if (!pushed.has(digest)) wrong.push(`${repository}@${digest} was deleted and is there`);
    for (const [digest, { subject = "nothing" }] of pushed) {
      const isTagged = tagged.has(`${repository}@${digest}`);
      if ((isTagged || ledger.mustKeep(repository, digest)) && !there.has(digest))
        wrong.push(
          `${repository}@${digest} (${isTagged ? "tagged" : "kept"}, about ${subject}) is not there`,
        );
    }
  }
  return wrong;
}

/** The blobs with their sizes, and the manifests of each repository. */
export function diskOf(root: string) {
  const blobs = new Map<string, number>();
  for (const start of readdirSync(join(root, "blobs/sha256")))
    for (const hex of readdirSync(join(root, "blobs/sha256", start))) {
      const data = join(root, "blobs/sha256", start, hex, "data");
      // The registry makes the folder a moment before.
      const stat = statSync(data, { throwIfNoEntry: false });
      if (stat !== undefined) blobs.set(`sha256:${hex}`, stat.size);
    }
  const revisions = new Map<string, Set<string>>();
  for (const path of readdirSync(join(root, "repositories"), { recursive: true, encoding: "utf8" })) {
    const [, repository, hex] =
      /^(.*)\/_manifests\/revisions\/sha256\/([0-9a-f]{64})\/link$/.exec(path) ?? [];
    if (repository === undefined || hex === undefined) continue;
    const own = revisions.get(repository) ?? new Set();
    revisions.set(repository, own.add(`sha256:${hex}`));
  }
  return { blobs, revisions };
}

export function readData(dataFolder: string, digest: string): string | undefined {
  const hex = digest.slice("sha256:".length);
  const file = join(dataFolder, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
  return statSync(file, { throwIfNoEntry: false }) && readFileSync(file, "utf8");
}

/** The digests of configuration, layers and children. */
export function mentionedIn(text: string): string[] {
  const { config, layers = [], manifests = [] } = JSON.parse(text);
  return [...(config ? [config] : []), ...layers, ...manifests].map(({ digest }) => digest);
}
