import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { newestCertificate } from "../../components/docker/paths";
import { declaredCertificate, doors, renewerOf, servedCertificate, verdict } from "../certificates";
import { type Inspected, inStartOrder, isStarting, isWell, nameOf, statusTable } from "../containers";
import type { Context } from "../context";
import { capture, output, watchOrFail } from "../process";
import { inspect, labelFilters } from "../recovery/look";
import { problem, say } from "../say";
import { requireDocker } from "../setup/docker";
import { plainOutput, readSnapshot, type Snapshot } from "../state";

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

/**
 * Prints the stack's containers, endpoint and certificates. Fails if a container does not run or is not healthy, or
 * a certificate is over or not the declared one.
 */
export async function status(context: Context): Promise<number> {
  const containers = await checkedContainers(context);
  const snapshot = readSnapshot(context);
  const endpoint = plainOutput(snapshot, "endpoint");
  process.stdout.write(`${statusTable(containers, new Date())}\n\n`);
  if (endpoint) process.stdout.write(`endpoint: ${endpoint}\n`);
  const certificates = await certificateLines(containers, snapshot);
  for (const { text } of certificates) process.stdout.write(`${text}\n`);
  const ill = containers.filter((container) => !isWell(container));
  if (ill.length === 0) return certificates.every(({ well }) => well) ? 0 : 1;
  say(`Not well: ${ill.map(nameOf).join(", ")}. Look into "docker logs NAME", or run "npm run start".`);
  return 1;
}

/** Of each registry the certificate it serves, beside the declared one or that of its renewer. */
async function certificateLines(containers: readonly Inspected[], snapshot: Snapshot | undefined) {
  const lines: { text: string; well: boolean }[] = [];
  for (const door of doors(containers, process.env.DOCKER_HOST)) {
    const renewer = renewerOf(containers, door.instance);
    const declared = renewer ? await renewed(renewer) : declaredCertificate(snapshot, door.instance);
    const served = await servedCertificate(door).catch((error: NodeJS.ErrnoException) => error);
    // A front of plain HTTP.
    if (served instanceof Error && served.code === "ERR_SSL_WRONG_VERSION_NUMBER" && !declared) continue;
    const { text, well } =
      served instanceof Error
        ? { text: `cannot be read at ${door.host}:${door.port} (${served.message.trim()})`, well: true }
        : verdict(served, declared, new Date());
    lines.push({ text: `certificate of ${door.instance}: ${text}`, well });
    const report = renewer?.State.Health?.Log?.at(-1)?.Output.trim();
    if (report) lines.push({ text: `renewer of ${door.instance}: ${report}`, well: true });
  }
  return lines;
}

/** The certificate that a renewer has, if it runs and has one. */
async function renewed({ Id }: Inspected): Promise<X509Certificate | undefined> {
  const { code, stdout } = await capture("docker", ["exec", Id, "cat", newestCertificate]);
  return code === 0 ? new X509Certificate(stdout) : undefined;
}

async function stackContainers(context: Context): Promise<Inspected[]> {
  await requireDocker();
  const ids = await output("docker", ["ps", "--all", "--quiet", ...labelFilters(context)]);
  const containers = inStartOrder(await inspect(ids.split("\n").filter(Boolean), process.env));
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

async function waitUntilWell(id: string, name: string): Promise<void> {
  for (let second = 0; second <= 120; second++) {
    const [container] = await inspect([id], process.env);
    if (container === undefined || container.State.Status === "exited") break;
    if (isWell(container)) return;
    if (second > 0 && second % 10 === 0) say(`  waiting for ${name} to be healthy: ${second} s`);
    await sleep(1000);
  }
  throw problem(`${name} does not get healthy: look into "docker logs ${name}"`);
}
