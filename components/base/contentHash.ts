import { createHash } from "node:crypto";

/** Sixteen hexadecimal digits that stand for these files: names and contents, in any order. */
export function contentHash(files: { readonly [name: string]: string }): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
