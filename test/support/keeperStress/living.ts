import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { subjectOf } from "./ledger";
import { readData } from "./verify";

/** What lives and what does not of a repository, as the rules for signatures are written, without the keeper's code. */
export interface Living {
  /** Tags about something that is dead, or that nothing living needs. */
  readonly deadTags: readonly string[];
  /** Manifests that live because their subject does. */
  readonly referrers: ReadonlySet<string>;
  /** Manifests about something dead, by what they say or by their tags alone, that nothing else needs. */
  readonly deadReferrers: ReadonlySet<string>;
}

export function livingIn(
  dataFolder: string,
  repository: string,
  digests: ReadonlySet<string>,
  keepsUntagged: boolean,
): Living {
  const folder = join(dataFolder, "docker/registry/v2/repositories", repository, "_manifests");
  const tags = tagsIn(join(folder, "tags"));
  const manifests = new Map([...digests].map((digest) => [digest, manifestOf(dataFolder, digest)]));
  const wasHere = (digest: string) => existsSync(join(folder, "revisions/sha256", digest.slice(7)));
  const living = new Set<string>();
  const live = (digest: string): void => {
    if (living.has(digest)) return;
    living.add(digest);
    for (const child of manifests.get(digest)?.children ?? []) live(child);
  };

  const about = [...tags].flatMap(([tag, digest]) => {
    const subject = subjectOf(tag);
    const isAbout = subject !== undefined && subject !== digest && wasHere(subject);
    return isAbout ? [{ tag, digest, subject }] : [];
  });
  const names = new Set(about.map(({ tag }) => tag));
  for (const [tag, digest] of tags) if (!names.has(tag)) live(digest);
  const tagged = new Set(tags.values());
  const untagged = [...manifests].filter(([digest]) => !tagged.has(digest));
  const follows = untagged.filter(([, { subject }]) => subject !== undefined && wasHere(subject));
  if (keepsUntagged) for (const each of untagged) if (!follows.includes(each)) live(each[0]);

  const referrers = new Set<string>();
  for (let before = -1; before !== living.size; ) {
    before = living.size;
    for (const { digest, subject } of about) if (living.has(subject)) live(digest);
    for (const [digest, { subject = "" }] of follows)
      if (living.has(subject)) {
        live(digest);
        referrers.add(digest);
      }
  }
  return {
    deadTags: about.filter(({ subject }) => !living.has(subject)).map(({ tag }) => tag),
    referrers,
    deadReferrers: new Set(
      [...manifests]
        .filter(
          ([digest, { subject }]) => (subject !== undefined || tagged.has(digest)) && !living.has(digest),
        )
        .map(([digest]) => digest),
    ),
  };
}

function tagsIn(folder: string): Map<string, string> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(
    names.flatMap((tag) => {
      const link = join(folder, tag, "current/link");
      return existsSync(link) ? [[tag, readFileSync(link, "utf8")] as const] : [];
    }),
  );
}

function manifestOf(dataFolder: string, digest: string): { subject?: string; children: string[] } {
  const { subject, manifests = [] } = JSON.parse(readData(dataFolder, digest) ?? "{}");
  return { subject: subject?.digest, children: manifests.map((child: { digest: string }) => child.digest) };
}
