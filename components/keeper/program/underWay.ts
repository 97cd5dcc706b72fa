import { diskTime } from "./clock";
import { largest } from "./extremes";
import type { Context } from "./job";
import { type Layout, revisionLink } from "./layout";
import type { Relations } from "./relations";
import type { Tag } from "./repository";

/*
 * A push that has linked its manifest and not yet its tag is answered with 201, whatever was taken meanwhile, and nothing
 * but the time of the link shows it. A push that came to its end shows by what is written after the link.
 */

/** When a push of each manifest last came to its end, in milliseconds: by a tag, or an index that mentions it. */
export function endsOfPushes(
  { disk }: Context,
  layout: Layout,
  repository: string,
  manifests: readonly string[],
  { tags, relations }: { readonly tags: readonly Tag[]; readonly relations: Relations },
): ReadonlyMap<string, number> {
  const linked = (digest: string) => disk.stat(revisionLink(layout, repository, digest))?.modified ?? 0;
  return new Map(
    manifests.map((digest) => {
      const pointing = tags
        .filter(({ link }) => link.digest === digest)
        .map(({ link }) => link.stat.modified);
      const indexes = (relations.indexes.get(digest) ?? []).map(linked);
      return [digest, largest([0, ...pointing, ...indexes])];
    }),
  );
}

/** Those of the manifests that were linked within the settling time and since their last push came to its end. */
export function underWay(
  { disk, settings }: Context,
  layout: Layout,
  repository: string,
  ends: ReadonlyMap<string, number>,
): string[] {
  const calm = diskTime(disk, layout) - settings.settleSeconds * 1000;
  return [...ends].flatMap(([digest, end]) => {
    const linked = disk.stat(revisionLink(layout, repository, digest))?.modified ?? 0;
    return linked > calm && linked > end ? [digest] : [];
  });
}
