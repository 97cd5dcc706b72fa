import { takeValue } from "../arguments";
import type { Context } from "../context";
import { problem } from "../say";
import { setUp } from "../setup";
import { optionOf, stackOutputs } from "../stackOutputs";
import { loginOf, type Passwords, runStackScript } from "../stackScript";

/** What it reads of the outputs of a stack; those of an older version may lack anything. */
interface Outputs {
  readonly installScript?: string;
  readonly credentials?: Passwords;
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
  const login = username === undefined ? {} : loginOf(credentials, username);
  const words = repository === undefined ? [] : [repository];
  return runStackScript(installScript, ["--prove", ...words], login);
}
