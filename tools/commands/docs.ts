import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { say } from "../say";

/** Regenerates what comes from the source: the tables of the reference, and the schema. */
export async function docs({ projectDirectory }: Context): Promise<number> {
  // It loads the compiler and the SDK, a second that no other command should wait.
  const { referenceFiles }: typeof import("../reference/files") = require("../reference/files");
  for (const [path, text] of Object.entries(referenceFiles(projectDirectory))) {
    writeFileSync(join(projectDirectory, path), text);
    say(`${path}: written`);
  }
  return 0;
}
