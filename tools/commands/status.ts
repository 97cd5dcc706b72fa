import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expiryLines } from "../../components/access/expiringLogins";
import { newestCertificate } from "../../components/docker/paths";
import {
  certificateLine,
  declaredCertificate,
  doors,
  presentedCertificate,
  renewerOf,
  unreadLine,
} from "../certificateStatus";
import { type Inspected, isStarting, isWell, nameOf, statusTable } from "../containers";
import type { Context } from "../context";
import { keeperLines, refusalLines } from "../keeperStatus";
import { declaredUsers } from "../loginStatus";
import { capture } from "../process";
import { say } from "../say";
import { dockerHost } from "../setup/docker";
import { stackContainers } from "../stackContainers";
import { optionOf } from "../stackOutputs";
import { plainOutput, readSnapshot, type Snapshot } from "../state";

/**
 * Prints the stack's containers, endpoint, certificates, the logins that end soon and what its keeper has done. Fails if a
 * container does not run or is not healthy, if nobody answers at the port on this machine, or if a certificate is over or
 * not the declared one.
 */
export async function status(context: Context): Promise<number> {
  const containers = await checkedContainers(context);
  const snapshot = readSnapshot(context);
  const endpoint = plainOutput(snapshot, "endpoint");
  process.stdout.write(`${statusTable(containers, new Date())}\n\n`);
  if (endpoint) process.stdout.write(`endpoint: ${endpoint}\n`);
  const certificates = await certificateLines(containers, snapshot);
  for (const { text } of certificates) process.stdout.write(`${text}\n`);
  for (const { instance } of doors(containers))
    for (const line of expiryLines(declaredUsers(snapshot, instance))) process.stdout.write(`${line}\n`);
  for (const line of await keeperLines(containers)) process.stdout.write(`${line}\n`);
  for (const line of await refusalLines(containers, new Date())) process.stdout.write(`${line}\n`);
  const ill = containers.filter((container) => !isWell(container));
  if (ill.length === 0) return certificates.every(({ well }) => well) ? 0 : 1;
  say(
    `Not well: ${ill.map(nameOf).join(", ")}. Look into "docker logs NAME", or run "npm run start${optionOf(context.stack)}".`,
  );
  return 1;
}

/** Of each registry the certificate it serves, beside the declared one or that of its renewer. */
async function certificateLines(containers: readonly Inspected[], snapshot: Snapshot | undefined) {
  const lines: { text: string; well: boolean }[] = [];
  const host = process.env.DOCKER_HOST ?? (await dockerHost()).DOCKER_HOST;
  for (const door of doors(containers, host)) {
    const renewer = renewerOf(containers, door.instance);
    const declared = renewer ? await renewed(renewer) : declaredCertificate(snapshot, door.instance);
    const served = await presentedCertificate(door).catch((error: NodeJS.ErrnoException) => error);
    // A front of plain HTTP.
    if (served instanceof Error && served.code === "ERR_SSL_WRONG_VERSION_NUMBER" && !declared) continue;
    const { text, well } =
      served instanceof Error ? unreadLine(door, served) : certificateLine(served, declared, new Date());
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

/** The containers of the stack, once Docker has looked at the health of each: it does so some seconds after a start. */
async function checkedContainers(context: Context): Promise<Inspected[]> {
  for (let second = 0; ; second++) {
    const containers = await stackContainers(context);
    if (second === 15 || !containers.some(isStarting)) return containers;
    await sleep(1000);
  }
}
