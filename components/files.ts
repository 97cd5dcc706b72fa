import { createHash } from "node:crypto";

/** Files for a container: name (never a path) to content in base64, since zone data is binary. */
export type Files = { readonly [name: string]: string };

/** Files that belong together, and what stands for them: the folder that holds them. */
export interface Generation {
  readonly name: string;
  readonly files: Files;
}

/** A text as the content of a file. */
export function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Sixteen hexadecimal digits that stand for these files: names and contents, in any order. */
export function contentHash(files: Files): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
