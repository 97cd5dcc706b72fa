import { dataRole } from "../../components/docker/roles";
import { type Context, stackSettings } from "../context";
import { capture, type Environment } from "../process";
import { problem, say } from "../say";
import { earlierProject } from "../state";
import { volumeSizes } from "../volumeSizes";
import { storeNotice, storeRefusal } from "./changedStore";
import { newData, notice, projectRefusal, refusal } from "./data";
import type { Situation } from "./index";
import type { Listed } from "./look";

/** Says before it happens that a stack gets a new, empty data volume; refuses it where nobody asked for it. */
export async function warnOfNewData(
  context: Context,
  environment: Environment,
  { snapshot, host }: Situation,
  allowed: boolean,
): Promise<void> {
  const settings = stackSettings(context);
  const deletes = storeRefusal(context.stack, settings, snapshot);
  if (deletes !== undefined && !allowed) throw problem(deletes);
  const moved = storeNotice(context.stack, settings, snapshot);
  if (moved !== undefined) say(moved);
  const change = newData(context, settings, snapshot, host.volumes);
  if (!change) return;
  const earlier = snapshot ? undefined : earlierProject(context);
  if (earlier && !allowed) throw problem(projectRefusal(context.project, context.stack, earlier));
  if (change.unasked && !allowed) throw problem(refusal(context.stack, change));
  const candidates = host.volumes.filter(({ role, name }) => role === dataRole && name !== change.previous);
  const others: Listed[] = [];
  for (const volume of candidates) if (!(await isUsed(environment, volume.name))) others.push(volume);
  const sizes = others.length > 0 ? await volumeSizes(environment) : new Map<string, string>();
  for (const line of notice(context.stack, change, others, sizes)) say(line);
}

/** Two registries must not write to the same data. */
async function isUsed(environment: Environment, volume: string): Promise<boolean> {
  const args = ["ps", "--quiet", "--filter", `volume=${volume}`];
  return (await capture("docker", args, { environment })).stdout.trim() !== "";
}
