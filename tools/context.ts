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

/** The config in the stack file as it is written there, by its keys without the project. */
export function stackConfig(context: Context): { readonly [key: string]: unknown } {
  const prefix = `${context.project}:`;
  const ours = Object.entries(configIn(stackFile(context))).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** What the stack file says of the registry: the arguments, as they are written there. */
export function stackSettings(context: Context): { readonly [key: string]: unknown } {
  const { settings } = stackConfig(context);
  return typeof settings === "object" && settings !== null ? { ...settings } : {};
}

/**
 * A plain setting as text, "acme.image" for one in a map; undefined if absent, empty, encrypted, or neither text nor a
 * truth value.
 */
export function stackSetting(context: Context, key: string): string | undefined {
  const value = key.split(".").reduce(itemOf, stackSettings(context));
  return plainText(typeof value === "boolean" ? String(value) : value);
}

/** The Docker host that the stack file names. */
export function stackDockerHost(context: Context): string | undefined {
  return plainText(stackConfig(context).dockerHost);
}

function plainText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function itemOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** The section `config` of a file of the engine, which merges `<<`; empty if there is none. */
function configIn(file: string): object {
  return (existsSync(file) && parse(readFileSync(file, "utf8"), { merge: true })?.config) || {};
}

function projectName(projectDirectory: string): string {
  const file = join(projectDirectory, "Pulumi.yaml");
  if (!existsSync(file)) throw problem(`${file} is missing: run this in a whole clone`);
  const name = parse(readFileSync(file, "utf8"))?.name;
  if (typeof name !== "string") throw problem(`${file} has no name`);
  return name;
}
