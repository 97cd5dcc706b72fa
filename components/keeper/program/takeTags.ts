import { diskTime } from "./clock";
import { removeEmpty } from "./folders";
import type { Context } from "./job";
import { layoutOf, tagsFolder } from "./layout";
import { historyOf } from "./tagHistory";
import { takeAll } from "./take";
import { giveBack, linkThing, type Reason } from "./trash";
import type { Link } from "./walk";

/** A tag with its link as it was judged. */
export interface JudgedTag {
  readonly name: string;
  readonly link: Link;
}

/** How many tags go at a time, so that none is listed for long after it is gone. */
const AT_A_TIME = 100;

/**
 * Moves tags of one repository into the trash, each as it was judged, and answers the names of those that are gone. A
 * tag that was pushed since stays, or comes back with what is newer.
 */
export function takeTags(context: Context, reason: Reason, repository: string, tags: readonly JudgedTag[]) {
  const gone = new Set<string>();
  for (let first = 0; first < tags.length; first += AT_A_TIME) {
    const some = tags.slice(first, first + AT_A_TIME);
    for (const name of takeSome(context, reason, repository, some)) gone.add(name);
  }
  return gone;
}

function takeSome(
  { disk, settings }: Context,
  reason: Reason,
  repository: string,
  tags: readonly JudgedTag[],
): string[] {
  const layout = layoutOf(settings.dataFolder);
  // A push writes down in the history what it is about to make the tag.
  const calm = diskTime(disk, layout) - settings.settleSeconds * 1000;
  // The link that makes it a tag goes last: cut short before, it is a tag still.
  const leaving = tags.map(({ name, link }) => {
    const until = Math.max(calm, link.stat.modified);
    const history = historyOf(disk, layout, repository, name).filter(({ modified }) => modified <= until);
    return { name, history, link: linkThing(link) };
  });
  const things = leaving.flatMap(({ history, link }) => [...history, link]);
  const { batch, ...done } = takeAll(disk, layout, reason, things);
  const [taken, changed] = [new Set(done.taken), new Set(done.changed)];
  for (const { history } of leaving.filter(({ link }) => changed.has(link))) {
    for (const { path } of history.filter((thing) => taken.has(thing))) {
      giveBack(disk, layout, { name: batch }, path);
    }
  }
  const gone = leaving.filter(({ link }) => taken.has(link));
  // A tag is listed as long as it has a folder. What somebody has pushed meanwhile keeps its folders.
  for (const { name } of gone) removeEmpty(disk, `${tagsFolder(layout, repository)}/${name}`);
  return gone.map(({ name }) => name);
}
