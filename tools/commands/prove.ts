import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeValue } from "../arguments";
import type { Context } from "../context";
import { attach } from "../process";
import { problem } from "../say";
import { setUp } from "../setup";
import { optionOf, stackOutputs } from "../stackOutputs";

/** What it reads of the outputs of a stack; those of an older version may lack anything. */
interface Outputs {
  readonly installScript?: string;
  readonly credentials?: { readonly [user: string]: string };
}

/**
 * Tries all that a client does with the registry, as one of its users: the one of the install script, whose `--prove` it
 * runs, or the one that `--user` names.
 */
export async function prove(context: Context, args: readonly string[]): Promise<number> {
  const { value: username, rest } = takeValue(args, "--user", "alice");
  const [repository, ...others] = rest;
  if (others.length > 0 || repository?.startsWith("-"))
    throw problem("prove takes the name of one repository, --user and --stack, and nothing else");
  const environment = await setUp(context, { docker: false, images: false });
  const { installScript = "", credentials = {} }: Outputs = await stackOutputs(context, environment);
  if (!installScript.includes("--prove"))
    throw problem(
      `the stack "${context.stack}" is older than this command: npm run up${optionOf(context.stack)}`,
    );
  if (username !== undefined && !Object.hasOwn(credentials, username))
    throw problem(
      `--user: the registry has no user "${username}", but ${Object.keys(credentials).join(", ")}`,
    );
  const login = username !== undefined && {
    REGISTRY_USERNAME: username,
    REGISTRY_PASSWORD: credentials[username],
  };
  const folder = mkdtempSync(join(tmpdir(), "private-registry-prove-"));
  try {
    const script = join(folder, "install.sh");
    writeFileSync(script, installScript);
    const words = repository === undefined ? [] : [repository];
    return await attach("sh", [script, "--prove", ...words], { environment: { ...process.env, ...login } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
