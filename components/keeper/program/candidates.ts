import type { Context } from "./job";
import { recall, sinceWhen } from "./memory";
import { allRules, type Rules } from "./rules";
import type { Thing } from "./trash";

/** What nothing needs. */
export interface Unneeded {
  readonly links: readonly Thing[];
  readonly blobs: readonly Thing[];
}

/**
 * Of what nothing needs, what may go, and the rest. It may go if an earlier run, at least the grace before, already found
 * it so, and every run since, and if it was not written within the grace. Age alone is not enough: what is old may have
 * lost its tag a moment ago, or be about to get one.
 *
 * @param now In milliseconds.
 */
export function ripe(
  context: Context,
  { links, blobs }: Unneeded,
  now: number,
  rules: Rules = allRules,
): { readonly goes: Unneeded; readonly waits: Unneeded } {
  const before = recall(context, "candidates");
  const last = now - context.settings.graceSeconds * 1000;
  const isRipe = (thing: Thing): boolean => {
    const since = sinceWhen(before, thing);
    return since !== undefined && since <= last && thing.modified <= last;
  };
  const things = [...links, ...blobs];
  const going = new Set(afterSubjects(things, rules.grace ? things.filter(isRipe) : things));
  const goes = (thing: Thing): boolean => going.has(thing);
  const waits = (thing: Thing): boolean => !going.has(thing);
  return {
    goes: { links: links.filter(goes), blobs: blobs.filter(goes) },
    waits: { links: links.filter(waits), blobs: blobs.filter(waits) },
  };
}

/** Nothing goes before what it is about. */
function afterSubjects(things: readonly Thing[], going: readonly Thing[]): Thing[] {
  const present = new Set(things.map(({ path }) => path));
  const paths = new Set(going.map(({ path }) => path));
  const left = going.filter(
    ({ subject }) => subject === undefined || !present.has(subject) || paths.has(subject),
  );
  return left.length === going.length ? left : afterSubjects(things, left);
}
