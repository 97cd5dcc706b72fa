import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { Context } from "../context";
import { attach, capture, installedTool, pathOfTool } from "../process";
import { say } from "../say";
import { onPath } from "../setup/packages";

/** Where there are sources of ours. */
const folders = ["components", "infra", "tools", "bench", "examples", "test"];

/** Style, what imports what, types and shell. */
export async function lint(context: Context): Promise<number> {
  // The two slow ones at the same time: each takes half a minute of one processor.
  const slow = [quietly(context, "depcruise", folders), quietly(context, "tsc", ["--noEmit"])];
  const failed = await installedTool(context, "biome", ["check", "."]);
  for (const { command, finished } of slow) {
    const { code, stdout, stderr } = await finished;
    say(`$ ${command}`);
    process.stderr.write(`${stdout}${stderr}`);
    if (code !== 0) return code;
  }
  return failed || checkScripts(context);
}

/** Runs a tool that npm has installed for the project; what it says is for later. */
function quietly({ projectDirectory }: Context, name: string, args: readonly string[]) {
  return {
    command: `${name} ${args.join(" ")}`,
    finished: capture(pathOfTool(projectDirectory, name), args, { directory: projectDirectory }),
  };
}

/** Puts the style right. */
export function format(context: Context): Promise<number> {
  return installedTool(context, "biome", ["check", "--write", "."]);
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
  return folders.flatMap((folder) =>
    readdirSync(join(projectDirectory, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".sh") && !path.split(sep).includes("node_modules"))
      .map((path) => join(folder, path)),
  );
}
