import { setTimeout as sleep } from "node:timers/promises";
import { isWell, nameOf } from "../containers";
import type { Context } from "../context";
import { watchOrFail } from "../process";
import { inspect } from "../recovery/look";
import { problem, say } from "../say";
import { stackContainers } from "../stackContainers";

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

async function waitUntilWell(id: string, name: string): Promise<void> {
  for (let second = 0; second <= 120; second++) {
    const [container] = await inspect([id], process.env);
    if (container === undefined || container.State.Status === "exited") break;
    if (isWell(container)) return;
    if (second > 0 && second % 10 === 0) say(`  waiting for ${name} to be healthy: ${second} s`);
    await sleep(1000);
  }
  throw problem(`${name} does not become healthy: look into "docker logs ${name}"`);
}
