import { type Context, Unreadable } from "./job";
import { type Layout, layoutOf } from "./layout";
import { type Mark, markAll } from "./mark";
import type { Missing } from "./reach";
import type { Choice } from "./repositoryMark";
import { type Batch, batchesOf, giveBack, isThere } from "./trash";

/** What a look found, after it gave back what was missing. */
export interface Look extends Mark {
  /** Paths that were given back. */
  readonly givenBack: readonly string[];
  /** What tags lack and nothing can give back, for a person. */
  readonly lost: readonly string[];
}

type LookChoice = Pick<Choice, "keepsUntagged" | "isNew">;

/**
 * Marks all, gives back from the trash what is needed and not there, and marks again until nothing more comes back,
 * because what comes back may need more.
 *
 * @throws Unreadable if anything cannot be read, after what could be given back was.
 */
export function look(context: Context, choice: LookChoice): Look {
  const layout = layoutOf(context.settings.dataFolder);
  const givenBack: string[] = [];
  for (;;) {
    context.say("reading what is in the trash");
    const { mark, trashed } = markOnce(context, layout, choice);
    const given = mark.missing.filter(({ path }) =>
      (trashed.get(path) ?? []).some((batch) => giveBack(context.disk, layout, batch, path)),
    );
    for (const { path } of given) givenBack.push(path);
    // What came while the mark was under way, by whoever pushed it, is not missing, and may need more as well: also the
    // child of an index.
    const came = mark.missing.some(({ path, weight }) => weight !== "orphan" && isThere(context.disk, path));
    if (given.length > 0 || came) continue;
    const lacking = mark.missing.filter(({ weight }) => weight === "fatal" || weight === "lost");
    const problems = [
      ...mark.unreadable,
      ...lacking.filter(({ weight }) => weight === "fatal").map(sentence),
    ];
    if (problems.length > 0) throw new Unreadable(problems.join("; "));
    return {
      ...mark,
      givenBack,
      lost: lacking.map(sentence),
    };
  }
}

function sentence({ of, path }: Missing): string {
  return `${of} lacks ${path}`;
}

/** One mark, and the batches that each path in the trash may lie in, the newest first. Changes nothing. */
export function markOnce(context: Context, layout: Layout, choice: LookChoice) {
  const batches = batchesOf(context.disk, layout);
  const trashed = trashedPaths(batches);
  const mark = markAll(context, {
    ...choice,
    isTrashed: (path) => trashed.has(path),
    orphans: batches.flatMap(({ things }) => things.filter(({ subject }) => subject !== undefined)),
  });
  return { mark, trashed };
}

/** The batches that each path in them may lie in, the newest first. */
export function trashedPaths(batches: readonly Batch[]): Map<string, Batch[]> {
  const paths = new Map<string, Batch[]>();
  for (const batch of batches) {
    for (const { path } of batch.things) {
      const others = paths.get(path);
      if (others === undefined) paths.set(path, [batch]);
      else others.push(batch);
    }
  }
  return paths;
}
