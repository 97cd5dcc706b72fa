import { labels } from "../../components/docker/roles";
import { type Inspected, parseInspected } from "../containers";
import type { Context } from "../context";
import { capture, type Environment, output } from "../process";
import { containerType, type Snapshot } from "../state";

/** A network or a volume on the Docker host, whoever made it. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly stack: string;
  readonly role: string;
}

/** What is on the Docker host: the containers of this stack, and everybody's networks and volumes. */
export interface Host {
  readonly containers: readonly Inspected[];
  readonly networks: readonly Listed[];
  readonly volumes: readonly Listed[];
}

/** Arguments of docker that choose what belongs to this stack. */
export function labelFilters({ project, stack }: Context): string[] {
  const filters = [`${labels.project}=${project}`, `${labels.stack}=${stack}`];
  return filters.flatMap((filter) => ["--filter", `label=${filter}`]);
}

/** Those that carry the labels of this stack. */
export function ours(
  listed: readonly Listed[],
  { project, stack }: Pick<Context, "project" | "stack">,
): Listed[] {
  return listed.filter((each) => each.project === project && each.stack === stack);
}

/** Reads lines of id, name, project, stack and role, separated by tabs. */
export function parseListing(text: string): Listed[] {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const [id = "", name = "", project = "", stack = "", role = ""] = line.split("\t");
      return { id, name, project, stack, role };
    });
}

const columns = [labels.project, labels.stack, labels.role].map((label) => `{{.Label "${label}"}}`);

export async function listNetworks(environment: Environment): Promise<Listed[]> {
  const format = ["{{.ID}}", "{{.Name}}", ...columns].join("\t");
  return parseListing(
    await output("docker", ["network", "ls", "--no-trunc", "--format", format], { environment }),
  );
}

export async function listVolumes(environment: Environment): Promise<Listed[]> {
  const format = ["{{.Name}}", "{{.Name}}", ...columns].join("\t");
  return parseListing(await output("docker", ["volume", "ls", "--format", format], { environment }));
}

/** What `docker inspect` says of these containers; of those that are not there nothing. */
export async function inspect(ids: readonly string[], environment: Environment): Promise<Inspected[]> {
  if (ids.length === 0) return [];
  // Docker fails if one of them is not there, after it has told of the others.
  const { stdout } = await capture("docker", ["container", "inspect", ...ids], { environment });
  return parseInspected(stdout);
}

/**
 * What `docker inspect` says of the containers with this stack's labels, and of those its state knows: after a change
 * of its name they have the labels of the old one.
 */
export async function inspectContainers(
  context: Context,
  environment: Environment,
  snapshot: Snapshot | undefined,
): Promise<Inspected[]> {
  const args = ["ps", "--all", "--quiet", "--no-trunc", ...labelFilters(context)];
  const labelled = (await output("docker", args, { environment })).split("\n").filter(Boolean);
  const known = (snapshot?.resources ?? []).filter(({ type }) => type === containerType).map(({ id }) => id);
  return inspect([...new Set([...labelled, ...known.filter((id) => id !== undefined)])], environment);
}

export async function look(
  context: Context,
  environment: Environment,
  snapshot: Snapshot | undefined,
): Promise<Host> {
  const [containers, networks, volumes] = await Promise.all([
    inspectContainers(context, environment, snapshot),
    listNetworks(environment),
    listVolumes(environment),
  ]);
  return { containers, networks, volumes };
}
