import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { unlessAbsent } from "./nodeDisk";

const CHUNK = 1024 * 1024;

/** The digest of a file by the algorithm of another, read in pieces and told of; undefined if it is not there. */
export function hashFile(path: string, digest: string, onRead: (bytes: number) => void): string | undefined {
  const file = unlessAbsent(() => openSync(path, "r"));
  if (file === undefined) return undefined;
  const [algorithm = ""] = digest.split(":");
  try {
    const hash = createHash(algorithm);
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const length = readSync(file, chunk, 0, CHUNK, null);
      if (length === 0) return `${algorithm}:${hash.digest("hex")}`;
      hash.update(chunk.subarray(0, length));
      onRead(length);
    }
  } finally {
    closeSync(file);
  }
}

/** The same, and no digest for what the disk cannot read: it is no more worth than what it reads wrongly. */
export function hashOrError(
  path: string,
  digest: string,
  onRead: (bytes: number) => void,
): string | undefined {
  try {
    return hashFile(path, digest, onRead);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EIO") return "unreadable";
    throw error;
  }
}
