import { nameOf } from "../containers";
import type { Context } from "../context";
import { capture, type Environment } from "../process";
import { problem, say } from "../say";
import type { Snapshot } from "../state";
import type { Findings, Strangers } from "./classify";

/**
 * Without any sign of an interrupted run, a stack with an empty state owns nothing: then what carries our labels
 * belongs to another clone, or the state was lost, and removing it could stop a registry somebody uses.
 */
export function refuseForeign(
  context: Context,
  snapshot: Snapshot | undefined,
  { leftovers, strangers }: Findings,
  interrupted: boolean,
): void {
  const containers = [...leftovers.containers, ...strangers.containers].map(nameOf);
  const networks = [...leftovers.networks, ...strangers.networks].map(({ name }) => name);
  if (interrupted || (snapshot?.resources.length ?? 0) > 0 || containers.length + networks.length === 0)
    return;
  const commands = [
    containers.length > 0 && `docker rm --force ${containers.join(" ")}`,
    networks.length > 0 && `docker network rm ${networks.join(" ")}`,
  ].filter(Boolean);
  throw problem(
    `stack "${context.stack}" of project "${context.project}" already runs on this Docker host, but this clone's state does not know it: ` +
      `another clone owns it, or the state was lost. Choose another name ("--stack NAME"), ` +
      `run this in the clone that owns it, or remove it first: ${commands.join(" && ")}`,
  );
}

/**
 * Removes containers and networks of this stack that state does not know and that serve nobody: what an engine killed
 * between creating and recording leaves behind, and what then blocks names at every retry. Volumes are never touched.
 */
export async function removeLeftovers(environment: Environment, leftovers: Strangers): Promise<void> {
  const why = "which the engine does not know and nobody uses";
  await remove(environment, ["rm", "--force"], leftovers.containers.map(nameOf), why);
  await remove(environment, ["network", "rm"], leftovers.networks.map(nameIn), why);
}

/** Removes what state does not know although it may be serving. Only for directly before what replaces it. */
export async function removeStrangers(environment: Environment, strangers: Strangers): Promise<void> {
  const why = "which the engine does not know: what replaces it comes now";
  await remove(environment, ["rm", "--force"], strangers.containers.map(nameOf), why);
  for (const { name } of strangers.networks) await disconnectAll(environment, name);
  await remove(environment, ["network", "rm"], strangers.networks.map(nameIn), why);
}

function nameIn({ name }: { readonly name: string }): string {
  return name;
}

/** Docker removes no network that a running container is in, and that may be one that is about to be replaced. */
async function disconnectAll(environment: Environment, network: string): Promise<void> {
  const format = "{{range $id, $_ := .Containers}}{{$id}} {{end}}";
  const { stdout } = await capture("docker", ["network", "inspect", "--format", format, network], {
    environment,
  });
  for (const container of stdout.trim().split(" ").filter(Boolean))
    await capture("docker", ["network", "disconnect", "--force", network, container], { environment });
}

async function remove(
  environment: Environment,
  command: readonly string[],
  names: readonly string[],
  why: string,
): Promise<void> {
  if (names.length === 0) return;
  const { code, stderr } = await capture("docker", [...command, ...names], { environment });
  if (code === 0) say(`Recovery: removed ${names.join(", ")}, ${why}.`);
  else say(`Recovery: cannot remove all of ${names.join(", ")}: ${stderr.trim()}`);
}
