import { setTimeout as sleep } from "node:timers/promises";
import { type Count, connectionProber, spreadProber } from "../probers";
import { type ClusterStand, password } from "./clusterStand";
import { type ClusterStep, type ClusterWorld, change, eachServes, otherCertificate } from "./clusterStep";
import type { DockerCount } from "./dockerClient";
import type { Machine } from "./machines";

const moreUsers = [
  { name: "alice", password },
  { name: "carol", password: "a-password-of-carol" },
];

/** What may happen to a cluster; the last node is that of the client with one address, and stays. */
const acts: { readonly [what: string]: (world: ClusterWorld) => Promise<void> } = {
  "a node cut": (world) => cutFor20s(world, world.stand.machines[1]),
  "the leader cut": (world) => cutFor20s(world, world.stand.machines[0]),
  "a registry of each node killed": async ({ stand }) => {
    for (const machine of stand.machines)
      for (const role of ["registry-a", "registry-b"]) {
        await machine.docker("kill", await stand.containerOf(machine, role));
        await sleep(8000);
      }
  },
  "another image of the proxy": async (world) =>
    change(world, { proxyImage: await otherName(world.stand, "nginx") }),
  "another image of the registry": async (world) =>
    change(world, { registryImage: await otherName(world.stand, "registry") }),
  "another user and certificate": (world) => change(world, { ...otherCertificate(), users: moreUsers }),
};

/** Requests without pause, and Docker's pulls and pushes, while something happens. */
export const faultSteps: readonly ClusterStep[] = Object.entries(acts).map(([name, act]) => ({
  name,
  async take(world) {
    const { spread, single, docker } = await meanwhile(world, () => act(world));
    const counts = `${count(spread)} with all addresses, ${count(single)} with one`;
    const found = `${name}: ${counts}, ${told(docker)}`;
    const [failure] = spread.failures;
    return failure === undefined
      ? { found }
      : { found, problem: `a request failed at all nodes: ${failure}` };
  },
}));

const count = ({ failures, requests }: Count) => `${failures.length} of ${requests}`;

/** What Docker met. */
export const told = ({ failures, pulls, pushes, longest }: DockerCount) =>
  `${failures.length} of Docker's ${pulls} pulls and ${pushes} pushes, the longest ${longest.toFixed(1)} s`;

/** Has clients ask, and Docker work, while something happens. */
export async function meanwhile({ stand, docker }: ClusterWorld, act: () => Promise<void>) {
  const targets = stand.targets();
  const last = targets.at(-1);
  if (last === undefined) throw new Error("there is no node");
  const [spread, single, work] = [spreadProber(targets), connectionProber(last), docker.work()];
  const stopped = async () => {
    const [all, one, ofDocker] = await Promise.all([spread.stop(), single.stop(), work.stop()]);
    return { spread: all, single: one, docker: ofDocker };
  };
  await act().catch(async (error) => {
    await stopped();
    throw error;
  });
  return stopped();
}

/** A node that Docker asks first is away, and comes back. */
async function cutFor20s({ stand, docker }: ClusterWorld, machine: Machine | undefined): Promise<void> {
  if (machine === undefined) throw new Error("there is no such node");
  await docker.prefer(machine);
  await machine.cut();
  await sleep(20_000);
  await machine.start();
  await eachServes(stand);
  await sleep(5000);
}

/** Gives an image another name on each node; that name. */
async function otherName({ machines }: ClusterStand, program: "nginx" | "registry"): Promise<string> {
  const name = `localhost/private-registry-test/${program}:other`;
  for (const machine of machines) {
    const names = (await machine.docker("images", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
    const found = names.find((each) => each.includes(`/${program}:`)) ?? "";
    await machine.docker("tag", found, name);
  }
  return name;
}

/** A node is cut in the middle of an `up`, and stays away until that has ended. */
export const cutDuringUp: ClusterStep = {
  name: "a node cut during an up",
  async take(world) {
    const { stand } = world;
    const [, second] = stand.machines;
    if (second === undefined) throw new Error("there is no node");
    const before = String(await stand.tasks("proxy"));
    const spread = spreadProber(stand.targets());
    const began = Date.now();
    stand.args = { ...stand.args, ...otherCertificate() };
    const up = stand.up().then(
      () => "it succeeded",
      (error) => String(error),
    );
    while (String(await stand.tasks("proxy")) === before) await sleep(500);
    await second.cut();
    const said = await up;
    const seconds = (Date.now() - began) / 1000;
    await second.start();
    await eachServes(stand);
    await stand.up();
    await stand.stack.expectNoChanges();
    const { failures, requests } = await spread.stop();
    const found = `${this.name}: it ended after ${seconds.toFixed(0)} s (${reasonIn(said)}), the next one was green; ${failures.length} of ${requests}`;
    const [failure] = failures;
    return failure === undefined ? { found } : { found, problem: failure };
  },
};

/** The line of a failed `up` that says why. */
function reasonIn(said: string): string {
  const line = said.split("\n").find((each) => /converge|rolled back|update paused/i.test(each));
  return line?.trim().replaceAll("|", "/").slice(0, 200) ?? said.slice(0, 200);
}
