import { diskTime } from "./clock";
import { called, foldersIn } from "./entries";
import { largest } from "./extremes";
import { flagPath, quotaFlag } from "./flags";
import { sizeText, someOf } from "./format";
import { anyGlob } from "./glob";
import type { Context } from "./job";
import { type Layout, layersFolder, layoutOf, revisionsFolder } from "./layout";
import { blobSizes, linkedBlobs } from "./repository";
import type { Quota } from "./settings";
import { readState, stateFile } from "./stateFile";
import { repositoryNames } from "./walk";

const knownFile = "quotas.json";

/** A quota, and what its repositories hold: each blob once. */
export interface Held extends Quota {
  readonly held: number;
}

/** The blobs of a repository when it was last read, in milliseconds by the clock of the disk. */
interface Known {
  readonly read: number;
  readonly blobs: readonly string[];
}

interface KnownRepositories {
  readonly [repository: string]: Known;
}

/** Counts what repositories hold, and raises or lowers the flag of each quota, whose text nginx answers. */
export function countQuotas(context: Context): void {
  const { disk, settings } = context;
  for (const [index, quota] of heldOf(context).entries()) {
    const flag = flagPath(settings, quotaFlag(index));
    if (quota.held < quota.bytes) disk.removeFile(flag);
    else disk.write(flag, denial(quota));
  }
}

/** What the repositories of each quota hold. */
export function heldOf(context: Context): Held[] {
  const { disk, settings } = context;
  const { quotas = [] } = settings;
  if (quotas.length === 0) return [];
  const layout = layoutOf(settings.dataFolder);
  const isMeant = anyGlob(quotas.flatMap(({ repositories }) => repositories));
  const known = knownNow(context, layout, repositoryNames(disk, layout).filter(isMeant));
  const sizeOf = blobSizes(disk, layout);
  return quotas.map((quota) => {
    const isIn = anyGlob(quota.repositories);
    const blobs = Object.entries(known).flatMap(([repository, one]) => (isIn(repository) ? one.blobs : []));
    return { ...quota, held: sizeOf(new Set(blobs)) };
  });
}

/** A folder is written before its link is, and one that stays behind without its link is not written at all. */
const [SURELY, AT_MOST] = [60_000, 3_600_000];

/** A repository in which no folder came or went since is not read again. */
function knownNow(context: Context, layout: Layout, names: readonly string[]): KnownRepositories {
  const { disk } = context;
  const before = readState<KnownRepositories>(context, knownFile) ?? {};
  const now = diskTime(disk, layout);
  const known = Object.fromEntries(
    names.map((name): [string, Known] => {
      const one = Object.hasOwn(before, name) ? before[name] : undefined;
      const holds = one && lastWritten(context, layout, name) + SURELY < one.read && now - one.read < AT_MOST;
      return [name, holds ? one : { read: now, blobs: [...linkedBlobs(disk, layout, name)] }];
    }),
  );
  const text = JSON.stringify(known);
  if (text !== JSON.stringify(before)) disk.write(stateFile(context, knownFile), text);
  return known;
}

function lastWritten({ disk }: Context, layout: Layout, name: string): number {
  const roots = [layersFolder(layout, name), revisionsFolder(layout, name)];
  const folders = roots.flatMap((root) =>
    (foldersIn(disk, root, called.algorithm) ?? []).map((algorithm) => `${root}/${algorithm}`),
  );
  return largest([0, ...folders.map((path) => disk.stat(path)?.modified ?? 0)]);
}

/** The answer of the registry's API. Nothing in the text needs to be escaped. */
function denial({ repositories, bytes, held }: Held): string {
  const message =
    `${someOf(repositories)} may hold ${sizeText(bytes)} and holds ${sizeText(held)}, and no push begins until it is less: ` +
    "delete images; they count until the keeper has collected them";
  return `${JSON.stringify({ errors: [{ code: "DENIED", message }] })}\n`;
}
