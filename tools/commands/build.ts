import { cpSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { builtProgram, keeperProgram } from "../../components/keeper/keeperProgram";
import type { Context } from "../context";
import { installedTool } from "../process";

/** The JavaScript and types that the package is made of, and the scripts that it reads. */
export async function build(context: Context): Promise<number> {
  const built = join(context.projectDirectory, "dist");
  // What was deleted from the source must not stay in the package.
  rmSync(built, { recursive: true, force: true });
  const failed = await installedTool(context, "tsc", ["-p", "components/tsconfig.json"]);
  if (failed) return failed;
  copyReadFiles(join(context.projectDirectory, "components"), join(built, "components"));
  writeFileSync(join(built, "components", "keeper", builtProgram), keeperProgram());
  return 0;
}

/**
 * Copies what the library reads beside its code, shell, njs, the page and data, into the folder of its built code, which looks for
 * it in the same place.
 */
export function copyReadFiles(from: string, to: string): void {
  const isRead = (path: string) =>
    /\.(sh|js|json|html|css|svg)$/.test(path) && basename(path) !== "tsconfig.json";
  cpSync(from, to, { recursive: true, filter: (path) => statSync(path).isDirectory() || isRead(path) });
}
