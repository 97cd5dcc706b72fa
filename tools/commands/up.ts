import type { Context } from "../context";
import { askEngine, runEngine } from "../engine";
import type { Environment } from "../process";
import { recover } from "../recovery";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { plainOutput, readSnapshot, stackExists } from "../state";

/** Set-up, recovery, then the engine's `up` with its preview: a bad setting fails before anything is created. */
export async function up(context: Context, args: readonly string[]): Promise<number> {
  const environment = await setUp(context, { docker: true, images: true });
  const replacements = await recover(context, environment, args);
  await ensureStack(context, environment);
  const code = await runEngine(context, environment, ["up", "--yes", ...replacements, ...args]);
  if (code === 0) sayWhatNext(context);
  return code;
}

/** Creates the stack if it is not there. */
export async function ensureStack(context: Context, environment: Environment): Promise<void> {
  if (stackExists(context)) return;
  const { code, stderr } = await askEngine(context, environment, ["stack", "init", context.stack]);
  if (code !== 0) throw problem(`cannot create stack "${context.stack}": ${stderr.trim()}`);
  say(`Stack: created "${context.stack}" (state in .pulumi-state)`);
}

function sayWhatNext(context: Context): void {
  const engine = `npm run -s pulumi --${context.stack === "dev" ? "" : ` --stack ${context.stack}`}`;
  const endpoint = plainOutput(readSnapshot(context), "endpoint");
  if (!endpoint) return;
  say(`
Registry:     ${endpoint}
Credentials:  ${engine} stack output credentials --show-secrets
New client:   ${engine} stack output installScript --show-secrets | ssh root@CLIENT sh`);
}
