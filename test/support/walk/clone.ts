import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { output, type Result, type Running, start as startCommand } from "../../../tools/shell";
import { stackFile } from "../../../tools/stackFile";
import type { Settings } from "./settings";

/** A fresh clone of what is committed, with a stack of its own. */
export interface Clone {
  readonly folder: string;
  readonly stack: string;
  /** Commit that it is of. */
  readonly commit: string;
  /** The engine's record of the stack. */
  readonly stateFile: string;
  readonly lockFolder: string;
  configure(settings: Settings): string;
  /** Starts one of README's npm commands on the stack. */
  start(script: string, ...args: readonly string[]): Running;
  npm(script: string, ...args: readonly string[]): Promise<Result>;
  /** Ids of the engines that have a lock on the stack. */
  engines(): number[];
  remove(): void;
}

const repository = resolve(__dirname, "../../..");

/** What set-up gave to this process, and no user has. */
const given = /^(PRIVATE_REGISTRY_|PULUMI_|DOCKER_|npm_)/;

/** Clones into a folder, or takes the clone that is there. */
export async function cloneInto(folder: string, stack: string): Promise<Clone> {
  if (!existsSync(join(folder, "Pulumi.yaml"))) await makeClone(folder, stack);
  const names = Object.keys(process.env).filter((name) => given.test(name));
  const env = Object.fromEntries(names.map((name) => [name, undefined]));
  const lockFolder = join(folder, ".pulumi-state/.pulumi/locks/organization/private-registry", stack);
  // What npm would start, without npm: a signal then reaches what it is meant for.
  const start = (script: string, ...args: readonly string[]) =>
    startCommand(["node", "tools/run.mjs", script, "--stack", stack, ...args], { cwd: folder, env });
  return {
    folder,
    stack,
    commit: await output(["git", "-C", folder, "rev-parse", "--short", "HEAD"]),
    stateFile: join(folder, `.pulumi-state/.pulumi/stacks/private-registry/${stack}.json`),
    lockFolder,
    configure(settings) {
      const text = stringify(stackFile(settings));
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
      return text;
    },
    start,
    npm: (script, ...args) => start(script, ...args).done,
    engines() {
      const files = existsSync(lockFolder) ? readdirSync(lockFolder) : [];
      return files.filter((name) => name.endsWith(".json")).flatMap((name) => pidIn(join(lockFolder, name)));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makeClone(folder: string, stack: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await output(["git", "clone", "--quiet", repository, folder]);
  // A walk is about the stack: what "npm ci" installs is there already.
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  appendFileSync(join(folder, ".git/info/exclude"), `Pulumi.${stack}.yaml\nnode_modules\n`);
}

/** The engine may be writing the file, or have taken it away. */
function pidIn(file: string): number[] {
  try {
    const pid: unknown = JSON.parse(readFileSync(file, "utf8")).pid;
    return typeof pid === "number" ? [pid] : [];
  } catch {
    return [];
  }
}
