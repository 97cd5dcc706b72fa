import { nameOf } from "../containers";
import type { Context } from "../context";
import { capture, type Environment } from "../process";
import { problem, say } from "../say";
import type { Snapshot } from "../state";
import type { Findings } from "./classify";

/**
 * Without any sign of an interrupted run, a stack with an empty state owns nothing: then what carries our labels
 * belongs to another clone, or the state was lost, and removing it could stop a registry somebody uses.
 */
export function refuseForeign(
  context: Context,
  snapshot: Snapshot | undefined,
  { leftovers, unknownServers }: Findings,
  interrupted: boolean,
): void {
  const containers = [...leftovers.containers, ...unknownServers].map(nameOf);
  const networks = leftovers.networks.map(({ name }) => name);
  if (interrupted || (snapshot?.resources.length ?? 0) > 0 || containers.length + networks.length === 0)
    return;
  const commands = [
    containers.length > 0 && `docker rm --force ${containers.join(" ")}`,
    networks.length > 0 && `docker network rm ${networks.join(" ")}`,
  ].filter(Boolean);
  throw problem(
    `stack "${context.stack}" of project "${context.project}" already runs on this Docker host, and this clone's state does not know it: ` +
      `another clone owns it, or the state was lost. Choose another name ("--stack NAME"), ` +
      `run this in the clone that owns it, or remove it first: ${commands.join(" && ")}`,
  );
}

/**
 * Removes containers and networks of this stack that state does not know and that serve nobody: what an engine killed
 * between creating and recording leaves behind, and what then blocks names at every retry. Volumes are never touched.
 */
export async function removeLeftovers(
  environment: Environment,
  { containers, networks }: Findings["leftovers"],
): Promise<void> {
  const why = "left by an interrupted run (the engine does not know it)";
  for (const each of containers) await remove(environment, "container", each.Id, nameOf(each), why);
  for (const { id, name } of networks) await remove(environment, "network", id, name, why);
}

/** Removes running servers that state does not know. Only for directly before what replaces them. */
export async function removeUnknownServers(
  environment: Environment,
  servers: Findings["unknownServers"],
): Promise<void> {
  for (const server of servers)
    await remove(
      environment,
      "container",
      server.Id,
      nameOf(server),
      "which the engine does not know: it is replaced now",
    );
}

async function remove(
  environment: Environment,
  kind: "container" | "network",
  id: string,
  name: string,
  why: string,
): Promise<void> {
  const args = kind === "container" ? ["rm", "--force", id] : ["network", "rm", id];
  const { code, stderr } = await capture("docker", args, { environment });
  if (code === 0) say(`Recovery: removed the ${kind} ${name}, ${why}.`);
  else say(`Recovery: cannot remove the ${kind} ${name}: ${stderr.trim()}`);
}
