import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../tools/shell";
import { type Count, connectionProber, spreadProber } from "../probers";
import { type ClusterStand, password } from "./clusterStand";
import { type ClusterStep, type ClusterWorld, change, eachServes, otherCertificate } from "./clusterStep";
import type { DockerCount } from "./dockerClient";
import type { Machine } from "./machines";

/** Another one beside the user of all clients. */
const withUser = (name: string) => [
  { name: "alice", password },
  { name, password: `a-password-of-${name}` },
];

/** What may happen to a cluster; the last node is that of the client with one address, and stays. */
const acts: { readonly [what: string]: (world: ClusterWorld) => Promise<void> } = {
  "a node cut": (world) => cutFor20s(world, world.stand.machines[1]),
  "the leader cut": (world) => cutFor20s(world, world.stand.machines[0]),
  "a registry of each node killed": async ({ stand }) => {
    for (const machine of stand.machines)
      for (const role of ["registry-a", "registry-b"]) {
        const killed = await stand.containerOf(machine, role);
        await machine.docker("kill", killed);
        const isBack = async () => !["", killed].includes(await stand.containerOf(machine, role));
        await until("another one serves", isBack);
      }
  },
  "another image of the proxy": async (world) =>
    change(world, { proxyImage: await otherName(world.stand, "nginx") }),
  "another image of the registry": async (world) =>
    change(world, { registryImage: await otherName(world.stand, "registry") }),
  "another user and certificate": (world) =>
    change(world, { ...otherCertificate(), users: withUser("carol") }),
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
    let [said, seconds] = ["", 0];
    const { spread, docker } = await meanwhile(world, async () => {
      const before = String(await stand.tasks("verifier"));
      const began = Date.now();
      const up = change(world, { users: withUser("dave") }).then(() => "it succeeded", String);
      await until("a node has the new one", async () => String(await stand.tasks("verifier")) !== before);
      await second.cut();
      said = await up;
      seconds = (Date.now() - began) / 1000;
      await second.start();
      await eachServes(stand);
    });
    await stand.up();
    await stand.stack.expectNoChanges();
    const [reason = said.slice(-200)] = /did not converge after \w+/.exec(said) ?? [];
    const counts = `${count(spread)} with all addresses, ${told(docker)}`;
    const found = `${this.name}: it ended after ${seconds.toFixed(0)} s (${reason}), the next one was green; ${counts}`;
    const [failure] = spread.failures;
    return failure === undefined
      ? { found }
      : { found, problem: `a request failed at all nodes: ${failure}` };
  },
};
