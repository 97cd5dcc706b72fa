import { type Memory, sinceWhen } from "./memory";
import { allRules, type Rules } from "./rules";
import type { Thing } from "./trash";

/**
 * Of what nothing needs, what may go: what an earlier run, at least the grace before, already found so, and every run
 * since, and what was not written within the grace. Age alone is not enough: what is old may have lost its tag a
 * moment ago, or be about to get one.
 *
 * @param before What the runs before this one found.
 * @param now In milliseconds, as is `grace`.
 */
export function ripe(
  things: readonly Thing[],
  before: Memory,
  now: number,
  grace: number,
  rules: Rules = allRules,
): Thing[] {
  const isRipe = (thing: Thing): boolean => {
    const since = sinceWhen(before, thing);
    return since !== undefined && since <= now - grace && thing.modified <= now - grace;
  };
  return afterSubjects(things, rules.grace ? things.filter(isRipe) : [...things]);
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
