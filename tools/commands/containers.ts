import { setTimeout as sleep } from "node:timers/promises";
import { type Inspected, inStartOrder, isStarting, isWell, statusTable } from "../containers";
import type { Context } from "../context";
import { output, watchOrFail } from "../process";
import { labelFilters } from "../recovery/orphans";
import { problem, say } from "../say";
import { requireDocker } from "../setup/docker";
import { plainOutput, readSnapshot } from "../state";

// Only the docker command is used, so these work on a remote Docker host as well, and without an engine.

/** Starts the stack's containers, the registry before its proxy, and waits until each is healthy. */
export async function start(context: Context): Promise<number> {
  for (const container of await stackContainers(context)) {
    const name = nameOf(container);
    await watchOrFail(`starting ${name}`, "docker", ["start", container.Id]);
    await waitUntilWell(container.Id, name);
  }
  return 0;
}

/** Stops the stack's containers, the proxy first, each with the time it needs to end what is under way. */
export async function stop(context: Context): Promise<number> {
  for (const container of (await stackContainers(context)).reverse())
    await watchOrFail(`stopping ${nameOf(container)}`, "docker", ["stop", container.Id]);
  return 0;
}

export async function restart(context: Context): Promise<number> {
  await stop(context);
  return start(context);
}

/** Prints the stack's containers and endpoint. Fails if one of them does not run or is not healthy. */
export async function status(context: Context): Promise<number> {
  const containers = await checkedContainers(context);
  const endpoint = plainOutput(readSnapshot(context), "endpoint");
  process.stdout.write(`${statusTable(containers, new Date())}\n`);
  if (endpoint) process.stdout.write(`\nendpoint: ${endpoint}\n`);
  const ill = containers.filter((container) => !isWell(container));
  if (ill.length === 0) return 0;
  say(`Not well: ${ill.map(nameOf).join(", ")}. Look into "docker logs NAME", or run "npm run start".`);
  return 1;
}

async function stackContainers(context: Context): Promise<Inspected[]> {
  await requireDocker();
  const ids = await output("docker", ["ps", "--all", "--quiet", ...labelFilters(context)]);
  const containers = ids === "" ? [] : inStartOrder(await inspect(ids.split("\n")));
  if (containers.length > 0) return containers;
  throw problem(
    `stack "${context.stack}" of project "${context.project}" has no containers here: run "npm run up" first`,
  );
}

/** The same, once Docker has looked at the health of each: it does so some seconds after a start. */
async function checkedContainers(context: Context): Promise<Inspected[]> {
  for (let second = 0; ; second++) {
    const containers = await stackContainers(context);
    if (second === 15 || !containers.some(isStarting)) return containers;
    await sleep(1000);
  }
}

async function inspect(ids: readonly string[]): Promise<Inspected[]> {
  return JSON.parse(await output("docker", ["inspect", ...ids]));
}

async function waitUntilWell(id: string, name: string): Promise<void> {
  for (let second = 0; second <= 120; second++) {
    const [container] = await inspect([id]);
    if (container && isWell(container)) return;
    if (container?.State.Status === "exited") break;
    if (second > 0 && second % 10 === 0) say(`  waiting for ${name} to be healthy: ${second} s`);
    await sleep(1000);
  }
  throw problem(`${name} does not get healthy: look into "docker logs ${name}"`);
}

function nameOf({ Name }: Inspected): string {
  return Name.replace(/^\//, "");
}
