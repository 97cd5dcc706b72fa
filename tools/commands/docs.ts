import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { referenceFiles } from "../reference/files";
import { say } from "../say";

/** Regenerates what comes from the source: the tables of the reference, and the schema. */
export async function docs({ projectDirectory }: Context): Promise<number> {
  for (const [path, text] of Object.entries(referenceFiles(projectDirectory))) {
    writeFileSync(join(projectDirectory, path), text);
    say(`${path}: written`);
  }
  return 0;
}
