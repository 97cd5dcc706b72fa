import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { cacheDirectory } from "./machine.cjs";
import { problem } from "./say";

/** Which project and stack a command works on, and where things are kept. */
export interface Context {
  /** Folder with Pulumi.yaml. */
  readonly projectDirectory: string;
  readonly project: string;
  readonly stack: string;
  /** Stack states and locks: inside the clone, ignored by git. */
  readonly stateDirectory: string;
  /** What is installed or compiled, outside the clone so that every clone shares it. */
  readonly cacheDirectory: string;
}

export function makeContext(stack: string, projectDirectory = resolve(__dirname, "..")): Context {
  return {
    projectDirectory,
    project: projectName(projectDirectory),
    stack,
    stateDirectory: join(projectDirectory, ".pulumi-state"),
    cacheDirectory: cacheDirectory(),
  };
}

export function stackFile(context: Context): string {
  return join(context.projectDirectory, `Pulumi.${context.stack}.yaml`);
}

/** A plain text setting in the stack file, "acme.image" for one in a map; undefined if absent, empty or encrypted. */
export function stackSetting(context: Context, key: string): string | undefined {
  const [first, ...inside] = `${context.project}:${key}`.split(".");
  const value = inside.reduce((map, each) => map?.[each], configIn(stackFile(context))[first ?? ""]);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What the stack file and the defaults of Pulumi.yaml say of these settings, as it is written there. */
export function stackSettings(context: Context, ...keys: readonly string[]): { [key: string]: unknown } {
  const declared = configIn(join(context.projectDirectory, "Pulumi.yaml"));
  const config = configIn(stackFile(context));
  return Object.fromEntries(
    keys.map((key) => [key, config[`${context.project}:${key}`] ?? declared[key]?.default]),
  );
}

/** The section `config` of a file of the engine; empty if there is none. */
function configIn(file: string) {
  return (existsSync(file) && parse(readFileSync(file, "utf8"))?.config) || {};
}

function projectName(projectDirectory: string): string {
  const file = join(projectDirectory, "Pulumi.yaml");
  if (!existsSync(file)) throw problem(`${file} is missing: run this in a whole clone`);
  const name = parse(readFileSync(file, "utf8"))?.name;
  if (typeof name !== "string") throw problem(`${file} has no name`);
  return name;
}
