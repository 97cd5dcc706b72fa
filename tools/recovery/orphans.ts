import type { Context } from "../context";
import { capture, type Environment, output } from "../process";
import { problem, say } from "../say";
import type { Snapshot } from "../state";

/** Something on the Docker host that carries our labels. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** Arguments of docker that choose what belongs to this stack. */
export function labelFilters({ project, stack }: Context, ...more: readonly string[]): string[] {
  const labels = [`private-registry.project=${project}`, `private-registry.stack=${stack}`, ...more];
  return labels.flatMap((label) => ["--filter", `label=${label}`]);
}

/** Reads lines of id, name and role, separated by tabs. */
export function parseListing(text: string): Listed[] {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const [id = "", name = "", role = ""] = line.split("\t");
      return { id, name, role };
    });
}

/** Those of `listed` that the engine's state does not know. */
export function orphansAmong(listed: readonly Listed[], snapshot: Snapshot | undefined): Listed[] {
  const known = new Set(snapshot?.resources.map(({ id }) => id));
  return listed.filter(({ id }) => !known.has(id));
}

/** What of one kind carries this stack's labels on the Docker host. */
export async function list(
  context: Context,
  environment: Environment,
  kind: "container" | "network" | "volume",
) {
  const role = '{{.Label "private-registry.role"}}';
  const [verb, format] = {
    container: [["ps", "--all", "--no-trunc"], `{{.ID}}\t{{.Names}}\t${role}`],
    network: [["network", "ls", "--no-trunc"], `{{.ID}}\t{{.Name}}\t${role}`],
    volume: [["volume", "ls"], `{{.Name}}\t{{.Name}}\t${role}`],
  }[kind] as [string[], string];
  const text = await output("docker", [...verb, ...labelFilters(context), "--format", format], {
    environment,
  });
  return parseListing(text);
}

/**
 * Removes containers and networks of this stack that state does not know: what an engine killed between creating and
 * recording leaves behind, and what then blocks ports and names at every retry. Volumes are never touched.
 * Without any sign of an interrupted run, a stack with an empty state owns nothing: then what carries our labels
 * belongs to another clone, or the state was lost, and removing it could stop a registry somebody uses.
 */
export async function removeOrphans(
  context: Context,
  environment: Environment,
  snapshot: Snapshot | undefined,
  interrupted: boolean,
): Promise<void> {
  const kinds = ["container", "network"] as const;
  const listed = await Promise.all(kinds.map((kind) => list(context, environment, kind)));
  const orphans = listed.map((some) => orphansAmong(some, snapshot));
  const [containers = [], networks = []] = orphans.map((some) => some.map(({ name }) => name));
  if (containers.length + networks.length === 0) return;
  if (!interrupted && (snapshot?.resources.length ?? 0) === 0)
    throw problem(foreignMessage(context, containers, networks));
  for (const [index, kind] of kinds.entries())
    for (const { id, name } of orphans[index] ?? []) {
      const remove = kind === "container" ? ["rm", "--force", id] : ["network", "rm", id];
      const { code, stderr } = await capture("docker", remove, { environment });
      if (code === 0)
        say(
          `Recovery: removed the ${kind} ${name}, left by an interrupted run (the engine does not know it).`,
        );
      else say(`Recovery: cannot remove the ${kind} ${name}: ${stderr.trim()}`);
    }
}

/** Why we do not touch what another clone may own, and what to type. */
function foreignMessage(
  { project, stack }: Context,
  containers: readonly string[],
  networks: readonly string[],
) {
  const commands = [
    containers.length > 0 && `docker rm --force ${containers.join(" ")}`,
    networks.length > 0 && `docker network rm ${networks.join(" ")}`,
  ].filter(Boolean);
  return (
    `stack "${stack}" of project "${project}" already runs on this Docker host, and this clone's state does not know it: ` +
    `another clone owns it, or the state was lost. Choose another name ("--stack NAME"), ` +
    `run this in the clone that owns it, or remove it first: ${commands.join(" && ")}`
  );
}
