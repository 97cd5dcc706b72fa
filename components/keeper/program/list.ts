import { counted, minuteText, sizeText, table } from "./format";
import type { Answer, Context } from "./job";
import { type Layout, layoutOf, tagLink } from "./layout";
import { blobSizes, linkedBlobs } from "./repository";
import { repositoryNames, tagNames } from "./walk";

interface Row {
  readonly repository: string;
  readonly tags: number;
  /** ISO time in UTC. */
  readonly newestPush: string | null;
  /** Of all that the repository hands out, each blob once. */
  readonly bytes: number;
}

/** The repositories: how many tags, when the newest was pushed, and how large it all is. */
export function list(context: Context): Answer {
  const { disk, settings, say } = context;
  const layout = layoutOf(settings.dataFolder);
  const bytesOf = blobSizes(disk, layout);
  const all = new Set<string>();
  // As the registry's own list: what has no folder of manifests is about to go, or a push that has only begun.
  const names = repositoryNames(disk, layout).filter(
    (name) => disk.stat(`${layout.repositories}/${name}/_manifests`) !== undefined,
  );
  const repositories = names.map((repository, index): Row => {
    say(`repository ${index + 1} of ${names.length}`);
    const blobs = linkedBlobs(disk, layout, repository);
    for (const digest of blobs) all.add(digest);
    const pushes = pushTimes(context, layout, repository);
    const newest = pushes.reduce((latest, time) => Math.max(latest, time), 0);
    return {
      repository,
      tags: pushes.length,
      newestPush: pushes.length === 0 ? null : new Date(newest).toISOString(),
      bytes: bytesOf(blobs),
    };
  });
  const bytes = bytesOf(all);
  return { text: textOf(repositories, bytes), json: { repositories, bytes } };
}

function pushTimes({ disk }: Context, layout: Layout, repository: string): number[] {
  const tags = tagNames(disk, layout, repository);
  return tags.flatMap((tag) => disk.stat(tagLink(layout, repository, tag))?.modified ?? []);
}

function textOf(repositories: readonly Row[], bytes: number): string {
  if (repositories.length === 0) return "no repositories yet\n";
  const rows = repositories.map(({ repository, tags, newestPush, bytes }) => [
    repository,
    String(tags),
    newestPush === null ? "-" : minuteText(Date.parse(newestPush)),
    sizeText(bytes),
  ]);
  const sum = `${counted(repositories.length, "repository", "repositories")}, ${sizeText(bytes)} in all; what several share counts once.`;
  return `${table(["REPOSITORY", "TAGS|", "NEWEST PUSH", "SIZE|"], rows)}\n${sum}\n`;
}
