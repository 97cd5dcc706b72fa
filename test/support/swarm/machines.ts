import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { output, run, until } from "../../../tools/shell";

/** A machine with a Docker daemon of its own, beside others on one network. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly dockerHost: string;
  /** The control group that all its containers are in. */
  readonly cgroup: string;
  /** Its `/etc`, as a folder of this host. */
  readonly etc: string;
  /** What `docker` answers on it; throws for a failure. */
  docker(...args: readonly string[]): Promise<string>;
  /** Pulls the plug: every process ends at once. */
  cut(): Promise<void>;
  /** Starts it again, with the disk it had. */
  start(): Promise<void>;
}

/** Machines on a network that this host is part of; it has the address `hostAddress` there. */
export interface Machines {
  readonly hostAddress: string;
  readonly machines: readonly Machine[];
  /** Bounds what this host sends to the machines, such as "80mbit", while something goes on. */
  slowly<Result>(rate: string, work: () => Promise<Result>): Promise<Result>;
  /** Takes everything away. May be called twice. */
  destroy(): Promise<void>;
}

/** Of the range for measurements (RFC 2544): a machine may well reach its packages by one that is for documentation. */
const network = "198.18.77";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const OWN_FOLDERS = ["etc", "root", "run", "var/lib", "tmp"];

/** The life of a machine: process 1 keeps dockerd running, and nothing outlives it. */
const MACHINE = `
set -eu
read -r pid rest </proc/self/stat
mount -t proc proc /proc
hostname "$3"
for own in ${OWN_FOLDERS.join(" ")}; do mount --bind "$1/$own" "/$own"; done
echo "$pid" >/run/machine.pid
echo 1 >/proc/sys/net/ipv4/ip_forward
cd /
while true; do dockerd --cgroup-parent="/$2" || sleep 1; done
`;

/** Names of network links have 15 characters at most. */
const names = (name: string) => ({
  switchSpace: `swarm-${name}-switch`,
  hostLink: `sw${name}host`.slice(0, 15),
  folder: join(tmpdir(), `swarm-machines-${name}`),
  space: (index: number) => `swarm-${name}-${index}`,
});

/**
 * Starts this many machines, in namespaces of network, mounts, processes and host name. Their network is a bridge in a
 * namespace of its own: neither routes nor firewall of this host are touched. What a killed run left is removed first.
 */
export async function createMachines(name: string, count: number): Promise<Machines> {
  const { switchSpace, hostLink, folder, space } = names(name);
  await removeMachines(name, count);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const hostAddress = `${network}.254`;
  try {
    await output(["ip", "netns", "add", switchSpace]);
    await output(["ip", "-n", switchSpace, "link", "add", "bridge", "type", "bridge"]);
    await output(["ip", "-n", switchSpace, "link", "set", "bridge", "up"]);
    await plugIn(switchSpace, "host", ["ip"], hostLink, `${hostAddress}/24`);
    for (const index of numbers) {
      await output(["ip", "netns", "add", space(index)]);
      await output(["ip", "-n", space(index), "link", "set", "lo", "up"]);
      const within = ["ip", "-n", space(index)];
      await plugIn(switchSpace, `n${index}`, within, "eth0", `${network}.${index}/24`, space(index));
      for (const own of OWN_FOLDERS) mkdirSync(join(folder, String(index), own), { recursive: true });
      await output(["cp", "-a", "/etc/.", join(folder, String(index), "etc")]);
      await rm(join(folder, String(index), "etc/docker"), { recursive: true, force: true });
    }
    const machines = numbers.map((index) => machine(name, index));
    await Promise.all(machines.map((each) => each.start()));
    const slowly = async <Result>(rate: string, work: () => Promise<Result>) => {
      const shape = ["tbf", "rate", rate, "burst", "1mb", "latency", "500ms"];
      await output(["tc", "qdisc", "replace", "dev", hostLink, "root", ...shape]);
      return work().finally(() => output(["tc", "qdisc", "del", "dev", hostLink, "root"]));
    };
    return { hostAddress, machines, slowly, destroy: () => removeMachines(name, count) };
  } catch (error) {
    await removeMachines(name, count);
    throw error;
  }
}

/** A cable from the bridge to a link with this address, in another namespace where one is named. */
async function plugIn(
  switchSpace: string,
  port: string,
  within: readonly string[],
  link: string,
  address: string,
  space?: string,
): Promise<void> {
  const end = space === undefined ? ["netns", "1"] : ["netns", space];
  await output([
    ...["ip", "-n", switchSpace, "link", "add", port],
    ...["type", "veth", "peer", "name", link, ...end],
  ]);
  await output(["ip", "-n", switchSpace, "link", "set", port, "master", "bridge", "up"]);
  await output([...within, "addr", "add", address, "dev", link]);
  await output([...within, "link", "set", link, "up"]);
}

function machine(name: string, index: number): Machine {
  const { folder: all, space } = names(name);
  const folder = join(all, String(index));
  const dockerHost = `unix://${join(folder, "run/docker.sock")}`;
  const docker = (...args: readonly string[]) => output(["docker", "-H", dockerHost, ...args]);
  return {
    name: `n${index}`,
    address: `${network}.${index}`,
    dockerHost,
    cgroup: space(index),
    etc: join(folder, "etc"),
    docker,
    cut: () => cut(space(index), folder),
    async start() {
      await rm(join(folder, "run"), { recursive: true, force: true });
      mkdirSync(join(folder, "run"));
      const log = openSync(join(folder, "dockerd.log"), "a");
      const unshare = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--uts",
        "--fork",
        "--kill-child",
      ];
      const shell = ["sh", "-c", MACHINE, "machine", folder, space(index), `n${index}`];
      // Not `ip netns exec`: it hides the cgroup mounts from dockerd.
      spawn("nsenter", [`--net=/run/netns/${space(index)}`, ...unshare, ...shell], {
        detached: true,
        stdio: ["ignore", log, log],
        env: { PATH, HOME: "/root" },
      }).unref();
      await until(
        `the Docker of machine ${index} answers`,
        async () => (await run(["docker", "-H", dockerHost, "version"])).status === 0,
      );
    },
  };
}

/** Ends every process of a namespace: process 1 takes the others with it. */
async function cut(space: string, folder: string): Promise<void> {
  const file = join(folder, "run/machine.pid");
  const first = existsSync(file) ? [readFileSync(file, "utf8").trim()] : [];
  for (let attempt = 0; attempt < 100; attempt++) {
    const inside = (await run(["ip", "netns", "pids", space])).stdout.split("\n").filter(Boolean);
    if (inside.length === 0) return;
    for (const pid of new Set([...first.filter((each) => inside.includes(each)), ...inside])) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    await sleep(50);
  }
  throw new Error(`processes of ${space} do not end`);
}

/** Takes machines of that name away, whether they run, are left over from a killed run, or were never there. */
export async function removeMachines(name: string, count: number): Promise<void> {
  const { switchSpace, hostLink, folder, space } = names(name);
  const isThere = (index: number) => existsSync(`/run/netns/${space(index)}`);
  for (let index = 1; index <= count || isThere(index); index++) {
    if (!isThere(index)) continue;
    await cut(space(index), join(folder, String(index)));
    await output(["ip", "netns", "del", space(index)]);
    await removeControlGroups(space(index));
  }
  await run(["ip", "link", "del", hostLink]);
  if (existsSync(`/run/netns/${switchSpace}`)) await output(["ip", "netns", "del", switchSpace]);
  await rm(folder, { recursive: true, force: true });
}

/** The control groups that a machine's containers had, in every hierarchy of this host; a killed process leaves them late. */
async function removeControlGroups(group: string): Promise<void> {
  const find = `find /sys/fs/cgroup -maxdepth 2 -name "$0" | while read -r path; do find "$path" -depth -type d -exec rmdir {} +; done`;
  await until(
    `the control groups of ${group} are gone`,
    async () => (await run(["sh", "-c", find, group])).status === 0,
  );
}
