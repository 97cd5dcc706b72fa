import { cpSync, readdirSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import type { Context } from "../context";
import { attach } from "../process";
import { say } from "../say";
import { onPath } from "../setup/packages";

/**
 * Copies what the library reads beside its code, shell, njs and data, into the folder of its built code, which looks for
 * it in the same place.
 */
export function copyReadFiles(from: string, to: string): void {
  const isRead = (path: string) => /\.(sh|js|json)$/.test(path) && basename(path) !== "tsconfig.json";
  cpSync(from, to, { recursive: true, filter: (path) => statSync(path).isDirectory() || isRead(path) });
}

/** The syntax of every shell file, and what ShellCheck finds there. Says what it could not look at. */
export async function checkScripts({ projectDirectory }: Context): Promise<number> {
  const files = shellFiles(projectDirectory);
  const run = (command: string, ...args: string[]) => attach(command, args, { directory: projectDirectory });
  if (!onPath("sh"))
    say("Not checked: the syntax of the shell files, because there is no sh on this machine");
  else for (const file of files) if (await run("sh", "-n", file)) return 1;
  if (!onPath("shellcheck")) {
    say('Not checked: the shell files by ShellCheck, which is not on this machine; "npm test" installs it');
    return 0;
  }
  say(`$ shellcheck (${files.length} files)`);
  return run("shellcheck", ...files);
}

/** Every shell file of the project, but not of what it has installed or built. */
function shellFiles(projectDirectory: string): string[] {
  const folders = ["components", "infra", "tools", "test", "bench", "examples"];
  return folders.flatMap((folder) =>
    readdirSync(join(projectDirectory, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".sh") && !path.split(sep).includes("node_modules"))
      .map((path) => join(folder, path)),
  );
}
