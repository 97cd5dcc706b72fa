import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A file to push, and the digest by which it is pulled. */
export interface Payload {
  readonly file: string;
  readonly bytes: number;
  readonly digest: string;
}

/** A file of random bytes, which nothing can compress. */
export function payload(folder: string, name: string, bytes: number): Payload {
  const file = join(folder, name);
  const hash = createHash("sha256");
  const handle = openSync(file, "w");
  for (let left = bytes; left > 0; ) {
    const chunk = randomBytes(Math.min(left, 8_000_000));
    hash.update(chunk);
    writeSync(handle, chunk);
    left -= chunk.length;
  }
  closeSync(handle);
  return { file, bytes, digest: `sha256:${hash.digest("hex")}` };
}
