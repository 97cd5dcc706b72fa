import { stackOption } from "../infra/stackOption";
import type { Context } from "./context";
import { askEngine } from "./engine";
import type { Environment } from "./process";
import { problem } from "./say";
import { stackExists } from "./state";

/** What a stack hands out, secrets in clear; an older version of it may lack any of them. */
export async function stackOutputs(context: Context, environment: Environment): Promise<object> {
  if (!stackExists(context))
    throw problem(`there is no stack "${context.stack}": npm run up${optionOf(context.stack)} creates it`);
  const show = ["stack", "output", "--json", "--show-secrets"];
  const { code, stdout, stderr } = await askEngine(context, environment, show);
  if (code !== 0) throw problem(`cannot read the outputs of stack "${context.stack}": ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** What chooses the stack behind `npm run`. */
export function optionOf(stack: string): string {
  return stackOption(stack) && ` --${stackOption(stack)}`;
}
