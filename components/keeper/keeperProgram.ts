import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Its first file, in a clone. */
const entry = join(__dirname, "program", "main.ts");

/** The whole of it, in the package. */
export const builtProgram = "keeper.js";

let bundled: string | undefined;

/**
 * The program that the keeper runs, as one file that needs nothing beside it: the package has it, and a clone makes it
 * from the sources as they stand.
 */
export function keeperProgram(): string {
  const built = join(__dirname, builtProgram);
  if (existsSync(built)) return readFileSync(built, "utf8");
  bundled ??= bundledProgram();
  return bundled;
}

function bundledProgram(): string {
  // Not an import: the package comes without it.
  const { buildSync }: typeof import("esbuild") = require("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    // Part of the text, as the place of each file.
    absWorkingDir: __dirname,
  });
  return outputFiles.map(({ text }) => text).join("");
}
