import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../context";
import { problem } from "../say";
import type { SealedFiles } from "./sealed";

/** The passphrase of the stacks of a clone. */
export const passphraseFile = ".passphrase";

/** What makes a stack what it is: its state with passwords and authority, its stack file, and what opens both. */
export function stackPaths({ project, stack }: Pick<Context, "project" | "stack">): string[] {
  return [`.pulumi-state/.pulumi/stacks/${project}/${stack}.json`, `Pulumi.${stack}.yaml`, passphraseFile];
}

/** Reads them. @throws a problem for a stack that is not there */
export function readStack(context: Context): SealedFiles {
  const entries = stackPaths(context).map((path) => {
    const file = join(context.projectDirectory, path);
    if (!existsSync(file))
      throw problem(`${path} is missing: the stack "${context.stack}" is not in this clone`);
    return [path, readFileSync(file, "utf8")];
  });
  return Object.fromEntries(entries);
}

/**
 * Writes them into a clone. Every clone comes with a stack file: one with other text is put aside, and where to is handed back.
 *
 * @throws a problem where another one is there with other text, or belongs to another stack
 */
export function writeStack(context: Context, files: SealedFiles): string | undefined {
  const known = stackPaths(context);
  const paths = Object.keys(files);
  const state = paths.find((path) => path.endsWith(".json"));
  if (!paths.every((path) => known.includes(path)))
    throw problem(
      `the file is of another stack or project: it has ${state ?? "no state"}; name its stack with --stack, and its project in Pulumi.yaml`,
    );
  const fileOf = (path: string) => join(context.projectDirectory, path);
  const textOf = (path: string) =>
    existsSync(fileOf(path)) ? readFileSync(fileOf(path), "utf8") : undefined;
  const stackFile = `Pulumi.${context.stack}.yaml`;
  const [kept, there] = [`${stackFile}.before`, textOf(stackFile)];
  const isReplaced = there !== undefined && there !== files[stackFile];
  const wanted = { ...(isReplaced && { [kept]: there }), ...files };
  const taken = Object.entries(wanted).filter(
    ([path, text]) => path !== stackFile && ![undefined, text].includes(textOf(path)),
  );
  if (taken.length > 0)
    throw problem(
      `${taken.map(([path]) => path).join(", ")}: is there already, and is another one. Use a new clone, or take it away first`,
    );
  for (const [path, text] of Object.entries(wanted)) {
    mkdirSync(dirname(fileOf(path)), { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(path), text, { mode: path.endsWith(".yaml") ? 0o644 : 0o600 });
  }
  return isReplaced ? kept : undefined;
}
