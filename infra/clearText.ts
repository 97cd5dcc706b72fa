import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";

/**
 * Whether a stack file has this value in clear at a path such as "settings.users[0].password": of a whole key the engine
 * says only that something in it is encrypted.
 */
export function hasInClear(file: string, project: string, path: string, value: unknown): boolean {
  const [key = "", ...steps] = path.split(/[.[\]]+/).filter((step) => step !== "");
  return steps.reduce(itemOf, itemOf(configIn(file), `${project}:${key}`)) === value;
}

function itemOf(node: unknown, name: string): unknown {
  return typeof node === "object" && node !== null ? Reflect.get(node, name) : undefined;
}

/** The config of a stack file, which the engine has read already; nothing where it has read another one. */
function configIn(file: string): unknown {
  return existsSync(file) ? parse(readFileSync(file, "utf8"), { merge: true })?.config : undefined;
}
