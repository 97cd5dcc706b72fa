import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { output, until } from "../../tools/shell";
import { RegistryClient } from "../support/client";
import { type Count, connectionProber, type Prober, spreadProber } from "../support/probers";
import { skopeo } from "../support/skopeo";
import { type ClusterStand, clusterStand, port, user } from "../support/swarm/clusterStand";
import { costsOfCluster } from "../support/swarm/costs";
import { download, timeToFirstByte, uploadInParts } from "../support/swarm/uploads";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

const megabyte = 1_000_000;

/** What is done to a cluster, and how many requests failed of clients that know all nodes, and of one that knows the last. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const stand = await clusterStand("long");
  try {
    await stand.up();
    const results: string[] = [];
    let faults = 0;
    for (const [what, act] of Object.entries(acts)) {
      const { spread, single } = await meanwhile(stand, act);
      faults += spread.failures.length;
      const result = `${what}: ${count(spread)} with all addresses, ${count(single)} with one`;
      say([result, ...new Set(spread.failures)].join("\n  "));
      results.push(result);
    }
    results.push(...(await uploads(stand)), ...(await costs(stand)), await slowStore(stand));
    noteProof("cluster", commit, `failed requests: ${results.join("; ")}`);
    return faults === 0 ? 0 : 1;
  } finally {
    await stand.remove();
  }
});

const count = ({ failures, requests }: Count) => `${failures.length} of ${requests}`;

/** What may happen to a cluster; the last node is that of the client with one address, and stays. */
const acts: { readonly [what: string]: (stand: ClusterStand) => Promise<void> } = {
  "a node cut": async ({ machines: [, second] }) => {
    await second?.cut();
    await sleep(20_000);
    await second?.start();
    await sleep(15_000);
  },
  "the leader cut": async (stand) => {
    const [first] = stand.machines;
    await first?.cut();
    await sleep(20_000);
    await first?.start();
    await sleep(20_000);
  },
  "a registry of each node killed": async (stand) => {
    for (const machine of stand.machines) {
      await machine.docker("kill", await stand.containerOf(machine, "registry-a"));
      await sleep(8000);
      await machine.docker("kill", await stand.containerOf(machine, "registry-b"));
      await sleep(8000);
    }
  },
  "another image of the proxy": async (stand) => {
    await everywhere(stand, "nginx");
    await change(stand, { proxyImage: "localhost/private-registry-test/nginx:other" });
  },
  "another image of the registry": async (stand) => {
    await everywhere(stand, "registry");
    await change(stand, { registryImage: "localhost/private-registry-test/registry:other" });
  },
  "another certificate": (stand) => change(stand, { extraSans: ["other.example.com"] }),
};

async function change(stand: ClusterStand, more: ClusterStand["args"]): Promise<void> {
  stand.args = { ...stand.args, ...more };
  await stand.up();
}

/** The same image by another name, on each node. */
async function everywhere({ machines }: ClusterStand, program: "nginx" | "registry"): Promise<void> {
  const format = "{{.Repository}}:{{.Tag}}";
  for (const machine of machines) {
    const names = (await machine.docker("images", "--format", format)).split("\n");
    const found = names.find((name) => name.includes(`/${program}:`)) ?? "";
    await machine.docker("tag", found, `localhost/private-registry-test/${program}:other`);
  }
}

/** Asks without pause while something happens. */
async function meanwhile(stand: ClusterStand, act: (stand: ClusterStand) => Promise<void>) {
  const targets = stand.targets();
  const last = targets.at(-1);
  if (last === undefined) throw new Error("there is no node");
  const probers: readonly [Prober, Prober] = [spreadProber(targets), connectionProber(last)];
  await act(stand).catch(async (error) => {
    for (const prober of probers) await prober.stop();
    throw error;
  });
  const [spread, single] = await Promise.all([probers[0].stop(), probers[1].stop()]);
  return { spread, single };
}

/** One upload in parts over all nodes, for parts of several sizes. */
async function uploads(stand: ClusterStand): Promise<string[]> {
  const clients = stand.targets().map(({ host, ca }) => new RegistryClient(port, ca, host));
  const [target] = stand.targets();
  const results: string[] = [];
  for (const size of [1, 5, 10, 100]) {
    const blob = randomBytes(100 * megabyte);
    const started = Date.now();
    const digest = await uploadInParts(clients, "team/parts", blob, size * megabyte, user);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (target === undefined || !(await download(target, "team/parts", digest)).bytes.equals(blob))
      throw new Error(`an upload in parts of ${size} MB has other bytes`);
    results.push(`100 MB in parts of ${size} MB over all nodes ${seconds} s`);
    say(results.at(-1) ?? "");
  }
  return results;
}

/** Processor time of a node against one host on its disk. */
async function costs(stand: ClusterStand): Promise<string[]> {
  const found = await costsOfCluster(stand, 10);
  return found.map(({ step, host, node, ratio }) => {
    const result = `a ${step} costs ${ratio.toFixed(2)} times as much as on one host with its disk (${host.toFixed(0)} to ${node.toFixed(0)} ms of a processor for a GB, 10 pairs)`;
    say(result);
    return result;
  });
}

/** The store is away for a minute, and serves again; and fifty clients ask for what it hands out at 10 MB/s. */
async function slowStore(stand: ClusterStand): Promise<string> {
  const [target] = stand.targets();
  if (target === undefined) throw new Error("there is no node");
  const clients = [new RegistryClient(port, target.ca, target.host)];
  const images = skopeo(target.host, target.ca, user);
  try {
    await images.push("team/app:1", [megabyte]);
    const tasks = await stand.tasks("registry-a");
    await stand.store.stop();
    const statuses = [];
    for (let second = 0; second < 60; second++) {
      statuses.push((await clients[0]?.ask("/v2/team/app/manifests/1", { user }))?.status);
      await sleep(1000);
    }
    await stand.store.start();
    const began = Date.now();
    await until("it serves again", async () => (await images.pull("team/app:1")).status === 0);
    const again = ((Date.now() - began) / 1000).toFixed(1);
    if (String(await stand.tasks("registry-a")) !== String(tasks)) throw new Error("tasks were replaced");
    const digest = await uploadInParts(
      clients,
      "team/slow",
      randomBytes(500 * megabyte),
      500 * megabyte,
      user,
    );
    await stand.slowDown("80mbit");
    const times = await Promise.all(
      Array.from({ length: 50 }, () => timeToFirstByte(target, "team/slow", digest)),
    );
    const first = Math.max(...times);
    await sleep(6000);
    const fetches = stand.store.fetches(digest, target.host);
    return `the store away for a minute: ${statuses.filter((each) => each === 503).length} of 60 pulls refused with 503, no task replaced, serves ${again} s after; 50 clients and 500 MB at 10 MB/s: ${fetches} fetches, first byte after ${first} ms at most`;
  } finally {
    images.remove();
  }
}
