import { createHash } from "node:crypto";

/** 128 bits in four numbers. Those of different texts differ, and `xor` of some differs from that of others. */
export type Fingerprint = readonly [number, number, number, number];

const known = new Map<string, Fingerprint>();

/** That of a text, which is kept: few texts are asked for, and each often. */
export function fingerprintOf(text: string): Fingerprint {
  const old = known.get(text);
  if (old !== undefined) return old;
  const bytes = createHash("sha256").update(text).digest();
  const print = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  const [a = 0, b = 0, c = 0, d = 0] = print;
  known.set(text, [a, b, c, d]);
  return [a, b, c, d];
}

export function xor(one: Fingerprint, other: Fingerprint): Fingerprint {
  return [one[0] ^ other[0], one[1] ^ other[1], one[2] ^ other[2], one[3] ^ other[3]];
}

/** A set of fingerprints, in 16 bytes for each and as much again: there are many millions, too many for a Set. */
export class Fingerprints {
  size = 0;
  private table = new Int32Array(4 * 1024);

  /** False if it was there. */
  add(print: Fingerprint): boolean {
    if (this.size * 8 >= this.table.length) this.grow();
    const isNew = this.put(print[0] | 0, print[1] | 0, print[2] | 0, print[3] | 0);
    if (isNew) this.size += 1;
    return isNew;
  }

  private put(a: number, b: number, c: number, d: number): boolean {
    const { table } = this;
    const last = table.length - 1;
    for (let at = (a << 2) & last; ; at = (at + 4) & last) {
      const [e, f, g, h] = [table[at], table[at + 1], table[at + 2], table[at + 3]];
      if (e === a && f === b && g === c && h === d) return false;
      if (e === 0 && f === 0 && g === 0 && h === 0) {
        table[at] = a;
        table[at + 1] = b;
        table[at + 2] = c;
        table[at + 3] = d;
        return true;
      }
    }
  }

  private grow(): void {
    const old = this.table;
    this.table = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = [old[at], old[at + 1], old[at + 2], old[at + 3]];
      if (a !== 0 || b !== 0 || c !== 0 || d !== 0) this.put(a, b, c, d);
    }
  }
}
