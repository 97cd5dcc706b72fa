import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Loads all test files of a folder, to run in this process one after the other: to start Node and to load Pulumi
 * takes longer than what most of them test.
 */
export function together(folder: string): void {
  for (const name of readdirSync(folder).sort()) if (name.endsWith(".test.ts")) require(join(folder, name));
}
