import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attach, type Environment } from "./process";
import { problem } from "./say";

/** The passwords of a registry's users, by their names. */
export interface Passwords {
  readonly [user: string]: string;
}

/** The variables by which the scripts of a stack log in. @throws a problem for a user whom the registry has not */
export function loginOf(passwords: Passwords, user: string): Environment {
  if (!Object.hasOwn(passwords, user))
    throw problem(`--user: the registry has no user "${user}", but ${Object.keys(passwords).join(", ")}`);
  return { REGISTRY_USERNAME: user, REGISTRY_PASSWORD: passwords[user] };
}

/** Runs a script that a stack hands out, on our own terminal, and hands back its exit code. Nothing of it stays. */
export async function runStackScript(
  text: string,
  args: readonly string[],
  variables: Environment,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-script-"));
  try {
    const script = join(folder, "script.sh");
    writeFileSync(script, text);
    return await attach("sh", [script, ...args], { environment: { ...process.env, ...variables } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
