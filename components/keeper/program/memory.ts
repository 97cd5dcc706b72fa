import type { Context } from "./job";
import type { Layout } from "./layout";
import { readState, stateFile } from "./stateFile";
import { linkThing, type Thing } from "./trash";
import type { Link } from "./walk";

/** Since when, in milliseconds by the clock of the disk, each run has found a thing the same, by path. */
export interface Memory {
  readonly [path: string]: { readonly since: number; readonly inode: number; readonly modified: number };
}

/** What was remembered under a name; nothing if that is lost or makes no sense, so that all begins anew. */
export function recall(context: Context, name: string): Memory {
  return readState<Memory>(context, `${name}.json`) ?? {};
}

/** Remembers the things of this run and no others; what is new, or was written anew, is so from now on. */
export function remember(context: Context, name: string, things: readonly Thing[], now: number): void {
  const known = recall(context, name);
  const memory = things.map(({ path, inode, modified }) => {
    const since = Math.min(now, sinceWhen(known, { path, inode, modified }) ?? now);
    return [path, { since, inode, modified }];
  });
  context.disk.write(stateFile(context, `${name}.json`), JSON.stringify(Object.fromEntries(memory)));
}

/** What is in a repository is new to the next run. */
export function forget(context: Context, name: string, { repositories }: Layout, repository: string): void {
  // Of a repository within it the names have no underscore there.
  const own = `${repositories}/${repository}/_`;
  const rest = Object.entries(recall(context, name)).filter(([path]) => !path.startsWith(own));
  context.disk.write(stateFile(context, `${name}.json`), JSON.stringify(Object.fromEntries(rest)));
}

/** Undefined if it was not known, or was another. */
export function sinceWhen(memory: Memory, { path, inode, modified }: Thing): number | undefined {
  const known = memory[path];
  return known?.inode === inode && known.modified === modified ? known.since : undefined;
}

/** Whether a manifest without a tag is still kept, by what earlier runs found. */
export function keepsUntagged(context: Context, now: number): (link: Link) => boolean {
  const { untaggedSeconds } = context.settings;
  if (untaggedSeconds === undefined) return () => true;
  const known = recall(context, "untagged");
  return (link) => {
    const since = sinceWhen(known, linkThing(link));
    return since === undefined || since + untaggedSeconds * 1000 > now;
  };
}
