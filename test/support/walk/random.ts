import { createHash } from "node:crypto";

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number;
  /** One of them; there must be one. */
  pick<Value>(values: readonly Value[]): Value;
  /** All of them in another order. */
  shuffled<Value>(values: readonly Value[]): Value[];
}

/** Each step has numbers of its own, so that a walk can be taken up in its middle. */
export function randomOf(...seed: readonly (string | number)[]): Random {
  let state = createHash("sha256").update(seed.join(" ")).digest().readUInt32LE(0);
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    below,
    pick<Value>(values: readonly Value[]) {
      const index = below(values.length);
      for (const value of values.slice(index)) return value;
      throw new Error("nothing to pick from");
    },
    shuffled<Value>(values: readonly Value[]) {
      const keyed = values.map((value) => ({ value, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
    },
  };
}
