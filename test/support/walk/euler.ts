/** A way round that takes every ordered pair of these names once, from the first name back to it (Hierholzer). */
export function everyPair(names: readonly string[]): string[] {
  const left = new Map(names.map((name) => [name, names.filter((other) => other !== name)]));
  const [open, way]: [string[], string[]] = [names.slice(0, 1), []];
  for (let here = open.at(-1); here !== undefined; here = open.at(-1)) {
    const next = left.get(here)?.shift();
    if (next === undefined) way.unshift(open.pop() ?? here);
    else open.push(next);
  }
  return way;
}
