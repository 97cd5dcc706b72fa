/** Times of two kinds of requests, in milliseconds. */
export interface Times {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** Does one and the other in turn, whoever begins, and answers how long each took. */
export async function timedPairs(
  pairs: number,
  first: (pair: number) => Promise<unknown>,
  second: (pair: number) => Promise<unknown>,
): Promise<Times> {
  const times = { first: [] as number[], second: [] as number[] };
  for (let pair = 0; pair < pairs; pair++) {
    const one = async () => times.first.push(await timed(() => first(pair)));
    const other = async () => times.second.push(await timed(() => second(pair)));
    for (const each of pair % 2 === 0 ? [one, other] : [other, one]) await each();
  }
  return times;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** How often one of the first is greater than one of the second: a half where they are alike. */
export function greaterShare({ first, second }: Times): number {
  const shares = first.flatMap((one) => second.map((other) => (one === other ? 0.5 : Number(one > other))));
  return shares.reduce((sum, each) => sum + each, 0) / shares.length;
}
