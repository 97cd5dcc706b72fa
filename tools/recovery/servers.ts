import { setTimeout as sleep } from "node:timers/promises";
import { type Inspected, nameOf, roleOf } from "../containers";
import { capture, type Environment } from "../process";
import { say } from "../say";
import { containerType, labelsOf, type Snapshot } from "../state";
import { isInLoop } from "./classify";

/** Starts what is down, and hands back those that do not run in spite of it. */
export async function startAgain(environment: Environment, down: readonly Inspected[]): Promise<Inspected[]> {
  if (down.length === 0) return [];
  const broken: Inspected[] = [];
  for (const server of down) if (!(await start(environment, server))) broken.push(server);
  if (broken.length === down.length) return broken;
  // One that cannot work ends at once, and Docker then starts it again and again.
  await sleep(1000);
  const args = ["container", "inspect", ...down.map(({ Id }) => Id)];
  const inspected: Inspected[] = JSON.parse((await capture("docker", args, { environment })).stdout);
  const now = new Map(inspected.map((each) => [each.Id, each]));
  for (const server of down) {
    if (broken.includes(server)) continue;
    if (now.get(server.Id)?.State.Status === "running" && !(now.get(server.Id)?.RestartCount ?? 0))
      say(`Recovery: ${nameOf(server)} was ${server.State.Status}, and runs again.`);
    else broken.push(server);
  }
  return broken;
}

async function start(environment: Environment, server: Inspected): Promise<boolean> {
  if (isInLoop(server) || server.State.Status === "dead") return false;
  const verb = server.State.Status === "paused" ? "unpause" : "start";
  return (await capture("docker", [verb, server.Id], { environment })).code === 0;
}

/**
 * What has to be made anew for a server: itself, and the jobs of its part, which write the files it starts with. A
 * certificate is not issued again: authorities count them.
 */
export function replacementsOf(server: Inspected, snapshot: Snapshot | undefined): string[] {
  const part = roleOf(server) === "verifier" ? "proxy" : roleOf(server);
  const instance = server.Config.Labels["private-registry.instance"];
  return (snapshot?.resources ?? [])
    .filter(({ id, inputs, outputs, ...resource }) => {
      const labels = labelsOf(outputs?.labels ?? inputs?.labels);
      const role = labels["private-registry.role"] ?? "";
      const isJob =
        role.startsWith(`${part}-`) &&
        !onceOnly.includes(role) &&
        labels["private-registry.instance"] === instance;
      return (
        resource.type === containerType &&
        !resource.delete &&
        !resource.pendingReplacement &&
        (id === server.Id || isJob)
      );
    })
    .map(({ urn }) => urn);
}

/** A certificate is not asked for again, and an empty folder whose disk is not mounted is not marked as the right one. */
const onceOnly = ["acme-issue", "registry-mark"];

/** Says which servers run and are not well, with what their health check says. */
export function sayUnhealthy(unhealthy: readonly Inspected[]): void {
  for (const server of unhealthy) {
    const report = server.State.Health?.Log?.at(-1)?.Output.trim();
    say(
      `Beware: ${nameOf(server)} runs, but its health check fails${report ? `: ${report}` : ""}. ` +
        `Look into "docker logs ${nameOf(server)}".`,
    );
  }
}
