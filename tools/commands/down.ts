import { dataRole } from "../../components/docker/roles";
import { stackOption } from "../../infra/stackOption";
import { takeFlag } from "../arguments";
import { ask } from "../ask";
import type { Context } from "../context";
import { askEngine, forgetSalt, runEngine } from "../engine";
import { capture, type Environment } from "../process";
import { recoverToDestroy } from "../recovery";
import { type Listed, listVolumes, ours } from "../recovery/look";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { optionOf } from "../stackOutputs";
import { plainOutput, readSnapshot, stackExists } from "../state";
import { volumeSizes } from "../volumeSizes";

/** Takes the stack down and forgets it. The data volume stays unless `--purge` is given and confirmed. */
export async function down(context: Context, args: readonly string[]): Promise<number> {
  const purge = takeFlag(args, "--purge");
  const yes = takeFlag(purge.rest, "--yes", "-y");
  if (purge.given && !yes.given && !process.stdin.isTTY)
    throw problem(
      '--purge deletes all images of this registry and cannot ask here: add "--yes" if you mean it',
    );
  const environment = await setUp(context, { docker: true, images: false });
  const existed = stackExists(context);
  const location = plainOutput(readSnapshot(context), "dataLocation");
  if (existed) {
    await recoverToDestroy(context, environment);
    const code = await runEngine(context, environment, ["destroy", "--yes", ...yes.rest]);
    if (code !== 0) return code;
    await forgetStack(context, environment);
  } else say(`Stack "${context.stack}" does not exist in this clone; nothing to destroy.`);
  const volumes = ours(await listVolumes(environment), context);
  const data = volumes.filter(({ role }) => role === dataRole);
  const leftovers = existed ? volumes.filter(({ role }) => role !== dataRole) : [];
  for (const { name } of leftovers) await removeLeftover(name, environment);
  if (location?.startsWith("s3://"))
    say(`Kept: the images in ${location}. Nothing here deletes a bucket; its own program does.`);
  if (purge.given) return purgeVolumes(data, environment, yes.given);
  sayWhatIsKept(context.stack, data, await volumeSizes(environment));
  return 0;
}

/** Volumes without images in them, which an interrupted run left: nothing but the engine's own state knew them. */
async function removeLeftover(name: string, environment: Environment): Promise<void> {
  const { code, stderr } = await capture("docker", ["volume", "rm", name], { environment });
  say(
    code === 0
      ? `Removed: volume ${name}, left by an interrupted run`
      : `Cannot remove volume ${name}: ${stderr.trim()}`,
  );
}

async function forgetStack(context: Context, environment: Environment): Promise<void> {
  const args = ["stack", "rm", context.stack, "--yes", "--preserve-config"];
  const { code, stderr } = await askEngine(context, environment, args);
  if (code !== 0) throw problem(`everything is destroyed, but the stack's record stays: ${stderr.trim()}`);
  forgetSalt(context);
}

function sayWhatIsKept(stack: string, volumes: readonly Listed[], sizeOf: ReadonlyMap<string, string>): void {
  for (const { name } of volumes) {
    const size = sizeOf.get(name);
    say(
      `Kept: data volume ${name}${size ? ` (${size})` : ""}. The next "npm run up${optionOf(stack)}" finds its images again.`,
    );
  }
  if (volumes.length > 0)
    say(
      `Beware: "docker volume prune -a" deletes kept data. To delete it on purpose: npm run down --${stackOption(stack)} --purge`,
    );
  say(
    "Gone: the certificate authority and generated passwords. After the next up, run the install script on your clients again.",
  );
}

async function purgeVolumes(
  volumes: readonly Listed[],
  environment: Environment,
  yes: boolean,
): Promise<number> {
  if (volumes.length === 0) say("No data volume is left to purge.");
  const names = volumes.map(({ name }) => name);
  if (volumes.length === 0 || (!yes && !(await confirmed(names)))) return 0;
  let code = 0;
  for (const name of names) {
    const removed = await capture("docker", ["volume", "rm", name], { environment });
    if (removed.code === 0) say(`Purged: data volume ${name}`);
    else say(`Cannot purge data volume ${name}: ${removed.stderr.trim()}`);
    code ||= removed.code;
  }
  return code;
}

async function confirmed(names: readonly string[]): Promise<boolean> {
  const answer = await ask(`Delete ${names.join(", ")} with every image in it? Type "yes": `);
  if (answer === "yes") return true;
  say("Kept.");
  return false;
}
