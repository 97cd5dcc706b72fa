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

/** What is to be taken down. */
interface Wish {
  /** Whether the data volumes go, too. */
  readonly purge: boolean;
  /** Asks whether they may; undefined where that is said already. */
  readonly ask?: typeof ask;
  /** Further arguments of the engine. */
  readonly args: readonly string[];
}

/** Takes the stack down and forgets it. The data volume stays unless `--purge` is given and confirmed. */
export async function down(context: Context, args: readonly string[]): Promise<number> {
  const purge = takeFlag(args, "--purge");
  const yes = takeFlag(purge.rest, "--yes", "-y");
  if (purge.given && !yes.given && !process.stdin.isTTY)
    throw problem(
      '--purge deletes all images of this registry and cannot ask here: add "--yes" if you mean it',
    );
  const environment = await setUp(context, { docker: true, images: false });
  const wish = { purge: purge.given, args: yes.rest, ...(!yes.given && { ask }) };
  return takeDown(context, environment, wish);
}

/** The same on a machine that is prepared. Whoever does not confirm loses nothing, the running registry included. */
export async function takeDown(context: Context, environment: Environment, wish: Wish): Promise<number> {
  if (wish.purge && wish.ask && !(await isConfirmed(context, environment, wish.ask))) {
    say("Nothing was changed.");
    return 0;
  }
  const existed = stackExists(context);
  const location = plainOutput(readSnapshot(context), "dataLocation");
  if (existed) {
    await recoverToDestroy(context, environment);
    const code = await runEngine(context, environment, ["destroy", "--yes", ...wish.args]);
    if (code !== 0) return code;
    await forgetStack(context, environment);
  } else say(`Stack "${context.stack}" does not exist in this clone; nothing to destroy.`);
  const volumes = ours(await listVolumes(environment), context);
  const data = volumes.filter(isData);
  const leftovers = existed ? volumes.filter((volume) => !isData(volume)) : [];
  for (const { name } of leftovers) await removeLeftover(name, environment);
  if (location?.startsWith("s3://"))
    say(`Kept: the images in ${location}. Nothing here deletes a bucket; its own program does.`);
  if (wish.purge) return purgeVolumes(data, environment);
  sayWhatIsKept(context.stack, data, await volumeSizes(environment));
  return 0;
}

function isData({ role }: Listed): boolean {
  return role === dataRole;
}

/** Where no data volume is there, nothing is lost that needs an answer. */
async function isConfirmed(context: Context, environment: Environment, asked: typeof ask): Promise<boolean> {
  const data = ours(await listVolumes(environment), context).filter(isData);
  if (data.length === 0) return true;
  const sizes = await volumeSizes(environment);
  const names = data.map(({ name }) => withSize(name, sizes)).join(", ");
  const what = stackExists(context) ? `Destroy stack "${context.stack}", and delete` : "Delete";
  return (await asked(`${what} ${names} with every image in it? Type "yes": `)) === "yes";
}

function withSize(name: string, sizes: ReadonlyMap<string, string>): string {
  const size = sizes.get(name);
  return size ? `${name} (${size})` : name;
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

function sayWhatIsKept(stack: string, volumes: readonly Listed[], sizes: ReadonlyMap<string, string>): void {
  for (const { name } of volumes)
    say(
      `Kept: data volume ${withSize(name, sizes)}. The next "npm run up${optionOf(stack)}" finds its images again.`,
    );
  if (volumes.length > 0)
    say(
      `Beware: "docker volume prune -a" deletes kept data. To delete it on purpose: npm run down --${stackOption(stack)} --purge`,
    );
  say(
    "Gone: the certificate authority and generated passwords. After the next up, run the install script on your clients again.",
  );
}

async function purgeVolumes(volumes: readonly Listed[], environment: Environment): Promise<number> {
  if (volumes.length === 0) say("No data volume is left to purge.");
  let code = 0;
  for (const { name } of volumes) {
    const removed = await capture("docker", ["volume", "rm", name], { environment });
    if (removed.code === 0) say(`Purged: data volume ${name}`);
    else say(`Cannot purge data volume ${name}: ${removed.stderr.trim()}`);
    code ||= removed.code;
  }
  return code;
}
