import { labelPrefix, labels } from "../../components/docker/roles";
import { output, run } from "../../tools/shell";

/** Carried by every container and network that the bench makes itself. */
export const benchLabel = `${labelPrefix}bench=true`;

/** Starts a container of ours to measure, and answers its name. */
export async function startContainer(name: string, args: readonly string[]): Promise<string> {
  await output(["docker", "run", "-d", "--name", name, "--label", benchLabel, ...args]);
  return name;
}

/** Names of the running containers with a label. */
export async function runningWith(label: string): Promise<string[]> {
  const all = await output(["docker", "ps", "--filter", `label=${label}`, "--format", "{{.Names}}"]);
  return all.split("\n").filter(Boolean);
}

/** What the library makes for a bench carries its own labels, by which every stack of tests is removed. */
const filters = [
  benchLabel,
  ...["bench", "bench-registries"].map((name) => `${labels.project}=private-registry-${name}`),
  ...["one", "many", "users-1", "users-10", "users-100"].map((name) => `${labels.stack}=bench-${name}`),
];

/** Removes what a bench made, this one or one that was killed. */
export async function removeAll(): Promise<void> {
  for (const kind of ["container", "network", "volume"]) {
    const list = ["docker", kind, "ls", ...(kind === "container" ? ["-a"] : []), "-q"];
    const found = await Promise.all(
      filters.map((filter) => output([...list, "--filter", `label=${filter}`])),
    );
    const ids = found.flatMap((text) => text.split("\n").filter(Boolean));
    const force = kind === "container" ? ["-f"] : [];
    if (ids.length > 0) await run(["docker", kind, "rm", ...force, ...new Set(ids)]);
  }
}
