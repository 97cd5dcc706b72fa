import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, stackFile } from "./context";
import { attach, capture, type Environment, type Finished } from "./process";
import { saltOf, settle, withSalt } from "./salt";

/** Runs the engine on our terminal and hands back its exit code. */
export function runEngine(
  context: Context,
  environment: Environment,
  args: readonly string[],
): Promise<number> {
  const options = { environment, directory: context.projectDirectory };
  return aroundSalt(
    context,
    () => attach("pulumi", args, options),
    (code) => code === 0,
  );
}

/** Runs the engine and hands back what it wrote. */
export function askEngine(
  context: Context,
  environment: Environment,
  args: readonly string[],
): Promise<Finished> {
  const options = { environment, directory: context.projectDirectory };
  return aroundSalt(
    context,
    () => capture("pulumi", args, options),
    ({ code }) => code === 0,
  );
}

/** Forgets the salt, for a stack that is gone: the next one of that name starts afresh. */
export function forgetSalt(context: Context): void {
  rmSync(saltFile(context), { force: true });
}

function saltFile(context: Context): string {
  return join(context.stateDirectory, `${context.stack}.salt`);
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

async function aroundSalt<T>(
  context: Context,
  run: () => Promise<T>,
  succeeded: (result: T) => boolean,
): Promise<T> {
  const [file, kept] = [stackFile(context), saltFile(context)];
  const [before, salt] = [read(file), read(kept)?.trim()];
  if (salt && saltOf(before ?? "") === undefined) writeFileSync(file, withSalt(before ?? "", salt));
  const result = await run();
  // A salt that was in the file and is not ours belongs to someone's own passphrase, unless ours has just opened it.
  const foreign = before !== undefined && saltOf(before) !== undefined && saltOf(before) !== salt;
  if (foreign && !succeeded(result)) return result;
  const after = read(file);
  const settled = settle(before, after);
  if (settled === after) return result;
  writeFileSync(kept, `${saltOf(after ?? "")}\n`, { mode: 0o600 });
  if (settled === undefined) rmSync(file);
  else writeFileSync(file, settled);
  return result;
}
