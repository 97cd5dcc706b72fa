import { existsSync, readdirSync } from "node:fs";

/** The test files in a folder and in those below, relative to it, in the order of their names; none if it is not there. */
export function testFilesIn(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return files.filter((name) => name.endsWith(".test.ts")).sort();
}
