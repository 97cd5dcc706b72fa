import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RegistryClusterArgs } from "../../../components";
import { labels } from "../../../components/docker/roles";
import { output } from "../../../tools/shell";
import { programStack, proxyImage, registryImage, type TestStack } from "../../../tools/temporaryStack";
import type { Target } from "../probers";
import { createMachines, type Machine, type Machines } from "./machines";
import { type ObjectStore, objectStore } from "./objectStore";

export const port = 443;
export const password = "a-password-of-alice";
export const user = `alice:${password}`;

/** The name that clients know, beside the addresses of the nodes. */
export const clusterName = "registry.example.com";

/** Three machines in a swarm, a store, and the stack of a cluster on them that is not up yet. */
export interface ClusterStand {
  /** The nodes. */
  readonly machines: readonly Machine[];
  /** Machines on the same network that are in no swarm, as those of clients. */
  readonly others: readonly Machine[];
  readonly store: ObjectStore;
  readonly stack: TestStack;
  /** What the next `up` is given beside what there must be. */
  args: Partial<RegistryClusterArgs>;
  /** Each node as a client knows it, once the first `up` has ended. */
  targets(): readonly Target[];
  /** `up`; PEM of the authority. */
  up(): Promise<string>;
  /** Bounds what the store hands out, such as "80mbit" for 10 MB/s, while something goes on. */
  slowly: Machines["slowly"];
  /** Id and start of every task of a service. */
  tasks(role: string): Promise<string[]>;
  /** The healthy container of a service on a machine; empty while there is none. */
  containerOf(machine: Machine, role: string): Promise<string>;
  /** What Docker has of the stack on each machine. */
  leftovers(): Promise<string[]>;
  remove(): Promise<void>;
}

/** The command of the page for what Swarm leaves on a node. */
export const removeVolumes = (project: string) =>
  `docker volume rm $(docker volume ls --quiet --filter label=${labels.project}=${project})`;

const nodes = 3;

/**
 * Makes all of it, with so many machines beside the nodes, which have the same images. What a killed run left under this
 * name is removed first.
 */
export async function clusterStand(name: string, others = 0): Promise<ClusterStand> {
  const project = `cluster-${name}`;
  const network = await createMachines(name, nodes + others);
  try {
    const machines = network.machines.slice(0, nodes);
    const [manager] = machines;
    if (manager === undefined) throw new Error("there are no machines");
    await Promise.all([makeSwarm(machines), loadImages(network.machines, [registryImage, proxyImage])]);
    const store = await objectStore(network.hostAddress);
    return await standOn(project, network, store, manager).catch(async (error) => {
      await store.remove();
      throw error;
    });
  } catch (error) {
    await network.destroy();
    throw error;
  }
}

async function standOn(
  project: string,
  network: Machines,
  store: ObjectStore,
  manager: Machine,
): Promise<ClusterStand> {
  const machines = network.machines.slice(0, nodes);
  let authority = "";
  const { endpoint, bucket: name, accessKey, secretKey } = store;
  const bucket = { endpoint, bucket: name, accessKey, secretKey };
  const needed = {
    hostnames: [...machines.map(({ address }) => address), clusterName],
    nodes,
    storage: { s3: bucket },
    users: [{ name: "alice", password }],
    registryImage,
    proxyImage,
  };
  const stack = await programStack(project, () => programOf(manager, { ...needed, ...stand.args }));
  const service = (role: string) => `${project}-test-images-${role}`;
  const filter = `label=${labels.project}=${project}`;
  const stand: ClusterStand = {
    machines,
    others: network.machines.slice(nodes),
    store,
    stack,
    args: {},
    targets: () => machines.map(({ address }) => ({ host: address, port, ca: authority, user })),
    async up() {
      authority = String((await stack.up()).caCertificate);
      return authority;
    },
    slowly: network.slowly,
    async tasks(role) {
      const running = ["--filter", "desired-state=running", "--format", "{{.ID}}"];
      return (await manager.docker("service", "ps", ...running, service(role))).split("\n").sort();
    },
    async containerOf(machine, role) {
      return machine.docker(
        "ps",
        "--quiet",
        ...["--filter", "health=healthy"],
        ...["--filter", `label=com.docker.swarm.service.name=${service(role)}`],
      );
    },
    async leftovers() {
      const kinds = [
        ["ps", "--all"],
        ["volume", "ls"],
        ["network", "ls"],
      ];
      const own = machines.flatMap((machine) =>
        kinds.map((kind) => machine.docker(...kind, "--quiet", "--filter", filter)),
      );
      const managed = [
        ["service", "ls"],
        ["secret", "ls"],
        ["config", "ls"],
      ].map((kind) => manager.docker(...kind, "--quiet"));
      return (await Promise.all([...own, ...managed])).filter(Boolean);
    },
    async remove() {
      try {
        stack.forget();
        await store.remove();
      } finally {
        await network.destroy();
      }
    },
  };
  return stand;
}

/** The program of the stack. */
function programOf({ dockerHost }: Machine, args: RegistryClusterArgs): string {
  return `import * as docker from "@pulumi/docker";
import { RegistryCluster } from "./components";
const provider = new docker.Provider("swarm", { host: ${JSON.stringify(dockerHost)} });
const cluster = new RegistryCluster("images", ${JSON.stringify(args)}, { provider });
export const { caCertificate, clientFiles } = cluster;
`;
}

async function makeSwarm([manager, ...others]: readonly Machine[]): Promise<void> {
  if (manager === undefined) return;
  await manager.docker("swarm", "init", "--advertise-addr", manager.address);
  const token = await manager.docker("swarm", "join-token", "--quiet", "manager");
  for (const { docker, address } of others)
    await docker("swarm", "join", "--token", token, "--advertise-addr", address, `${manager.address}:2377`);
}

/** Copies images of this host to machines. */
export async function loadImages(machines: readonly Machine[], images: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-images-"));
  try {
    const file = join(folder, "images.tar");
    await output(["docker", "save", "--output", file, ...images]);
    await Promise.all(machines.map(({ docker }) => docker("load", "--input", file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
