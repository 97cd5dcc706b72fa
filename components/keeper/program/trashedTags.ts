import type { Source } from "./bringBack";
import { historyFolder, placeIn, tagLink, tagsFolder } from "./layout";
import { type Batch, giveBack } from "./trash";

/** The tags that lie in a batch. */
export function tagsIn({ disk, layout, repository }: Source, batch: Batch): string[] {
  const folder = placeIn(layout, batch, tagsFolder(layout, repository));
  return (disk.names(folder) ?? [])
    .filter((tag) => disk.stat(`${folder}/${tag}/current/link`) !== undefined)
    .sort();
}

/** First what the tag has pointed to, and the link that makes it a tag last. */
export function giveTagBack({ disk, layout, repository }: Source, batch: Batch, tag: string): boolean {
  const path = tagLink(layout, repository, tag);
  if (disk.stat(path) !== undefined) return false;
  const history = `${historyFolder(layout, repository, tag)}/`;
  for (const thing of batch.things.filter(({ path }) => path.startsWith(history))) {
    giveBack(disk, layout, batch, thing.path);
  }
  return giveBack(disk, layout, batch, path);
}
