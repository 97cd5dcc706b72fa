import type { Person, Rule, World } from "./accessModel";

/** Numbers that are the same again for the same seed: the multiplicative generator of Park and Miller. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const components = ["a", "b", "ab", "a-b", "a.b", "v2", "tags", "list", "blobs", "uploads", "manifests"];
const pieces = ["a", "b", "ab", "a-b", "*", "**", "a*", "*b", "a*b", "**b", "*-*", "blobs", "uploads"];
const people = ["alice", "bob", "Alice", "ci.bot@x", "d"];
const groups = ["dev", "ops", "qa"];

/** Rules and users of no sense, of names that are near to each other. */
export function randomWorld(below: (limit: number) => number, today: string): World {
  const some = <Value>(values: readonly Value[], most: number) =>
    Array.from({ length: below(most + 1) }, () => one(values));
  const one = <Value>(values: readonly Value[]) => values[below(values.length)] as Value;
  const users: Person[] = people.map((name) => ({
    name,
    groups: some(groups, 2),
    ...(below(4) === 0 && { expires: one(["2020-01-01", today, "2099-12-31"]) }),
  }));
  const rules: Rule[] = Array.from({ length: 1 + below(6) }, () => {
    const anonymous = below(5) === 0;
    return {
      repositories: Array.from({ length: 1 + below(2) }, () => randomPattern(below)),
      users: some(people, 2),
      groups: some(groups, 2),
      anonymous,
      actions: anonymous ? ["pull"] : [one(["pull", "push", "delete"]), one(["pull", "push", "delete"])],
    };
  });
  return { users, rules, today };
}

export function randomPattern(below: (limit: number) => number): string {
  return Array.from({ length: 1 + below(3) }, () => pieces[below(pieces.length)]).join("/");
}

export function randomRepository(below: (limit: number) => number): string {
  return Array.from({ length: 1 + below(3) }, () => components[below(components.length)]).join("/");
}
