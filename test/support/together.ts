import { join } from "node:path";
import { testFilesIn } from "../../tools/testFiles";

/**
 * Loads all test files of a folder and of those in it, to run in this process one after the other: to start Node and to load Pulumi
 * takes longer than what most of them test.
 */
export function together(folder: string): void {
  for (const name of testFilesIn(folder)) require(join(folder, name));
}
