import { minuteText } from "./format";
import type { Context } from "./job";
import type { Layout } from "./layout";
import { batchesOf, statIn } from "./trash";
import { keptFor } from "./undo";

/** A batch of the trash, for a person. */
export interface TrashedBatch {
  readonly kind: string;
  readonly user: string | null;
  readonly repository: string | null;
  readonly tag: string | null;
  readonly digest: string | null;
  /** To the minute in UTC: when it was taken, and until when it can be had back at least. */
  readonly time: string;
  readonly until: string;
  /** How many links and blobs of it are in the trash still. */
  readonly things: number;
  readonly bytes: number;
}

/** What is in the trash, the newest first. */
export function trashed(context: Context, layout: Layout): TrashedBatch[] {
  const { disk } = context;
  const kept = keptFor(context);
  return batchesOf(disk, layout).flatMap((batch) => {
    const { kind, user = null, repository = null, tag = null, digest = null } = batch.reason;
    const sizes = batch.things.flatMap(({ path }) => statIn(disk, layout, batch, path)?.size ?? []);
    if (sizes.length === 0) return [];
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const time = minuteText(batch.time);
    const until = minuteText(batch.time + kept);
    return [{ kind, user, repository, tag, digest, time, until, things: sizes.length, bytes }];
  });
}
