import { setTimeout as sleep } from "node:timers/promises";
import { helperOf, labels, serverOf } from "../../components/docker/roles";
import { type Inspected, instanceOf, nameOf, roleOf } from "../containers";
import { capture, type Environment } from "../process";
import { say } from "../say";
import { containerType, labelsOf, type Snapshot } from "../state";
import { isInLoop } from "./classify";
import { inspect } from "./look";

/** Starts what is down, and hands back those that do not run in spite of it. */
export async function startAgain(environment: Environment, down: readonly Inspected[]): Promise<Inspected[]> {
  if (down.length === 0) return [];
  const broken: Inspected[] = [];
  for (const server of down) if (!(await start(environment, server))) broken.push(server);
  if (broken.length === down.length) return broken;
  // One that cannot work ends at once, and Docker then starts it again and again.
  await sleep(1000);
  const inspected = await inspect(
    down.map(({ Id }) => Id),
    environment,
  );
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
 * What has to be recreated for a server: itself, and what is repeated with it, which writes the files it starts with.
 */
export function replacementsOf(server: Inspected, snapshot: Snapshot | undefined): string[] {
  const part = serverOf(roleOf(server))?.part;
  return (snapshot?.resources ?? [])
    .filter(({ id, inputs, outputs, ...resource }) => {
      const own = labelsOf(outputs?.labels ?? inputs?.labels);
      const helper = helperOf(own[labels.role]);
      const isJob =
        helper?.part === part &&
        helper?.repeatedWith === "server" &&
        own[labels.instance] === instanceOf(server);
      return (
        resource.type === containerType &&
        !resource.delete &&
        !resource.pendingReplacement &&
        (id === server.Id || isJob)
      );
    })
    .map(({ urn }) => urn);
}

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
