import { isTextMap } from "../../components/base/values";
import { dockerNameOf } from "../../components/docker/roles";
import { stackOption } from "../../infra/stackOption";
import { takeFlag } from "../arguments";
import { nameOf } from "../containers";
import { type Context, stackSettings } from "../context";
import { askEngine, runEngine } from "../engine";
import { refuseOldStackFile } from "../oldStackFile";
import type { Environment } from "../process";
import { recover, survey } from "../recovery";
import type { Strangers } from "../recovery/classify";
import { removeStrangers } from "../recovery/leftovers";
import { warnOfNewData } from "../recovery/newData";
import { refuseBusyPort } from "../recovery/place";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { plainOutput, readSnapshot, stackExists } from "../state";
import { endPause } from "../store/collect";

/** Set-up, recovery, then the engine's `up` with its preview: a bad setting fails before anything is created. */
export async function up(context: Context, given: readonly string[]): Promise<number> {
  const { given: mayLeaveData, rest: args } = takeFlag(given, "--new-data");
  refuseOldStackFile(context, args);
  const environment = await setUp(context, { docker: true, images: true });
  const situation = await survey(context, environment);
  await warnOfNewData(context, environment, situation, mayLeaveData);
  await refuseBusyPort(context, environment, situation, args);
  const { args: replacements, strangers } = await recover(context, environment, situation, args);
  await ensureStack(context, environment);
  const all = [...replacements, ...args];
  const code =
    (await clearTheWay(context, environment, strangers, all)) ||
    (await runEngine(context, environment, ["up", "--yes", ...all]));
  if (code === 0) await letPushesThrough(context, environment);
  if (code === 0) sayWhatNext(context);
  return code;
}

/** A collection in a bucket that was killed could not do it itself. */
async function letPushesThrough(context: Context, environment: Environment): Promise<void> {
  const { storage } = stackSettings(context);
  if (!isTextMap(storage) || storage.s3 === undefined) return;
  const registry = dockerNameOf(context.project, context.stack, "main", "registry");
  if (await endPause(registry, environment))
    say("Recovery: a collection was killed while pushes were refused; they go through again.");
}

/** What of the arguments of an `up` its preview does not take. */
const notForPreview = ["--yes", "-y", "--skip-preview", "-f", "--continue-on-error", "--strict"];

/** Removes what may be serving and state does not know, once a preview has shown that something will replace it. */
async function clearTheWay(
  context: Context,
  environment: Environment,
  strangers: Strangers,
  args: readonly string[],
): Promise<number> {
  const names = [...strangers.containers.map(nameOf), ...strangers.networks.map(({ name }) => name)].join(
    ", ",
  );
  if (names === "") return 0;
  say(`Recovery: the engine does not know ${names}, which may be serving. A preview comes first.`);
  const rest = args.filter((argument) => !notForPreview.includes(argument));
  const code = await runEngine(context, environment, ["preview", ...rest]);
  if (code === 0) await removeStrangers(environment, strangers);
  else say(`Recovery: nothing can replace ${names} now, so it was left as it is.`);
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
  const show = `npm run -s show --${stackOption(context.stack)}`;
  const endpoint = plainOutput(readSnapshot(context), "endpoint");
  if (!endpoint) return;
  const isHere = /^(localhost|127\.|\[::1\])/.test(endpoint);
  const newClient = isHere
    ? "only this machine reaches it; for others: README, Connect a client"
    : `${show} installScript | ssh root@CLIENT sh`;
  say(`
Registry:     ${endpoint}
Passwords:    ${show} credentials
New client:   ${newClient}`);
}
