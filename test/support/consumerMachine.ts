import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Result, run, until } from "../../tools/shell";
import { fileListing } from "./fileListing";

export interface ExecOptions {
  /** Text for its stdin; the end of the file comes at once without it. */
  readonly input?: string;
  /** Variables beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A second machine with a Docker daemon of its own, which trusts and knows nothing yet. */
export interface ConsumerMachine {
  /** The address of this host as the machine sees it: publish the registry there. */
  readonly hostAddress: string;
  /** The address of the machine as this host sees it. */
  readonly address: string;
  /** Its Docker daemon for a client on this host. */
  readonly dockerHost: string;
  /** Runs a command on the machine as root, as `ssh` would: no shell, clean environment. Never throws for a status. */
  exec(command: readonly string[], options?: ExecOptions): Promise<Result>;
  /** In place of DNS: who answers to these names from now on, for its Docker daemon too. */
  pointNames(names: readonly string[], address: string): Promise<void>;
  /** Copies an image from this host's Docker to the machine's. */
  loadImage(image: string): Promise<void>;
  /** Copies a file of this host to the machine's `/tmp`; its path there. */
  copyIn(file: string): Promise<string>;
  /** Every file of `/etc`, `/root`, the trust store and our records: mode, owner, path, checksum. */
  snapshot(): string;
  /** Takes everything away. May be called twice. */
  destroy(): Promise<void>;
}

/** Folders of the machine that are not this host's. `/tmp` comes last: it hides the folder they lie in. */
const TRUST = "usr/local/share/ca-certificates";
const OWN_FOLDERS = ["etc", TRUST, "root", "run", "var/lib", "tmp"];
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The life of the machine: its process 1 keeps dockerd running, and nothing outlives it. The first line is read
 * while /proc is still this host's. `/etc/hosts` is a mount of its own, as in a container.
 */
const MACHINE = `
set -eu
read -r pid rest </proc/self/stat
mount -t proc proc /proc
for own in ${OWN_FOLDERS.join(" ")}; do mount --bind "$1/$own" "/$own"; done
mount --bind /etc/hosts /etc/hosts
echo "$pid" >/run/machine.pid
cd /
# A stopped daemon comes back, as under systemd.
while true; do dockerd $3 --cgroup-parent="/$2" || sleep 1; done
`;

/**
 * Starts a consumer machine: network namespace, mount namespace, process namespace, dockerd. What a killed run
 * left under the same name is removed first. Two machines at a time need two names. Containers have no network
 * there unless `daemonFlags` say otherwise.
 */
export async function createConsumerMachine(
  name: string,
  daemonFlags = "--bridge=none --iptables=false",
): Promise<ConsumerMachine> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`consumer machine "${name}": use letters, digits and "-"`);
  await removeConsumerMachine(name);
  const { space, folder, hostLink, link } = namesOf(name);
  try {
    const [hostAddress, address] = await freeAddresses(name);
    for (const own of OWN_FOLDERS) mkdirSync(join(folder, own), { recursive: true });
    await must(["cp", "-a", "/etc/.", join(folder, "etc")]);
    await must(["cp", "-a", `/${TRUST}/.`, join(folder, TRUST)]);
    await rm(join(folder, "etc/docker"), { recursive: true, force: true });
    await must(["ip", "netns", "add", space]);
    await must(["ip", "link", "add", hostLink, "type", "veth", "peer", "name", link, "netns", space]);
    await must(["ip", "addr", "add", `${hostAddress}/30`, "dev", hostLink]);
    await must(["ip", "link", "set", hostLink, "up"]);
    await must(["ip", "-n", space, "addr", "add", `${address}/30`, "dev", link]);
    await must(["ip", "-n", space, "link", "set", link, "up"]);
    await must(["ip", "-n", space, "link", "set", "lo", "up"]);
    const log = openSync(join(folder, "dockerd.log"), "w");
    const unshare = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"];
    const shell = ["sh", "-c", MACHINE, "machine", folder, space, daemonFlags];
    // Not `ip netns exec`: it hides the cgroup mounts from dockerd.
    spawn("nsenter", [`--net=/run/netns/${space}`, ...unshare, ...shell], {
      detached: true,
      stdio: ["ignore", log, log],
      env: { PATH, HOME: "/root" },
    }).unref();
    const enter = await waitForDocker(folder);
    const exec = (command: readonly string[], options: ExecOptions = {}) =>
      run(
        [...enter, "env", "-i", ...assignments({ PATH, HOME: "/root", ...options.env }), ...command],
        options,
      );
    return {
      hostAddress,
      address,
      dockerHost: `unix://${join(folder, "run/docker.sock")}`,
      exec,
      pointNames: (names, at) => pointNames(exec, names, at),
      async loadImage(image) {
        const pipe = ["sh", "-c", 'image=$1; shift; docker save "$image" | "$@"', "load", image];
        await must([...pipe, ...enter, "docker", "load"]);
        await must([...enter, "docker", "image", "inspect", image]);
      },
      async copyIn(file) {
        await copyFile(file, join(folder, "tmp", basename(file)));
        return join("/tmp", basename(file));
      },
      snapshot: () =>
        ["etc", TRUST, "root", "var/lib/private-registry-client"]
          .flatMap((own) => fileListing(join(folder, own), `/${own}`))
          .join("\n"),
      destroy: () => removeConsumerMachine(name),
    };
  } catch (error) {
    await removeConsumerMachine(name);
    throw error;
  }
}

/** Takes away the machine of that name, whether it runs, is left over from a killed run, or was never there. */
export async function removeConsumerMachine(name: string): Promise<void> {
  const { space, folder, hostLink } = namesOf(name);
  const isSpace = existsSync(`/run/netns/${space}`);
  for (let attempt = 0; isSpace && attempt < 100; attempt++) {
    // dockerd is process 1 of its namespace, so every container and helper dies with it.
    const inside = (await must(["ip", "netns", "pids", space])).stdout.split("\n").filter(Boolean);
    if (inside.length === 0) break;
    for (const pid of inside) kill(Number(pid));
    await sleep(50);
  }
  await run(["ip", "link", "del", hostLink]);
  if (isSpace) await must(["ip", "netns", "del", space]);
  await removeControlGroups(space);
  await rm(folder, { recursive: true, force: true });
}

/** What the machine is called in the places it touches. Names of network links have 15 characters at most. */
export function namesOf(name: string) {
  const short = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return {
    space: `consumer-${name}`,
    folder: join(tmpdir(), `consumer-machine-${name}`),
    hostLink: `consu${short}h`,
    link: `consu${short}c`,
  };
}

/** Two neighbours of 198.51.100.0/24 that nothing on this host uses: for the host's end and the machine's. */
async function freeAddresses(name: string): Promise<[string, string]> {
  const taken = (await must(["ip", "-4", "addr"])).stdout;
  const first = createHash("sha256").update(name).digest().readUInt8(0) % 64;
  for (let i = 0; i < 64; i++) {
    const base = 4 * ((first + i) % 64);
    if (!taken.includes(`198.51.100.${base + 1}/`))
      return [`198.51.100.${base + 1}`, `198.51.100.${base + 2}`];
  }
  throw new Error("consumer machine: 198.51.100.0/24 is full");
}

/** Waits until the machine's Docker answers; the words that lead into the machine. */
async function waitForDocker(folder: string): Promise<string[]> {
  for (let attempt = 0; attempt < 300; attempt++) {
    await sleep(100);
    const pid = machinePid(folder);
    if (pid === undefined) continue;
    const enter = ["nsenter", "--target", String(pid), "--mount", "--pid", "--net", "--wd"];
    if ((await run([...enter, "docker", "version"], { env: { DOCKER_HOST: undefined } })).status === 0)
      return enter;
  }
  const log = readFileSync(join(folder, "dockerd.log"), "utf8").split("\n").slice(-15).join("\n");
  throw new Error(`consumer machine: dockerd did not answer within 30 s:\n${log}`);
}

/** The daemon, like every program in Go, looks at `/etc/hosts` once in 5 seconds: waits until it has seen the change. */
async function pointNames(
  exec: ConsumerMachine["exec"],
  names: readonly string[],
  address: string,
): Promise<void> {
  const write =
    'name=$1; hosts=$(grep -vwF -- "$name" /etc/hosts); { echo "$hosts"; echo "$2 $name"; } >/etc/hosts';
  for (const name of names) await exec(["sh", "-c", write, "sh", name, address]);
  for (const name of names)
    await until(`the machine's Docker takes ${name} for ${address}`, async () => {
      // Nobody listens on the discard port: the error names the address that was tried.
      const { stderr } = await exec(["docker", "pull", `${name}:9/unknown`]);
      return stderr.includes(`dial tcp ${address}:`);
    });
}

function machinePid(folder: string): number | undefined {
  const file = join(folder, "run/machine.pid");
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return text === "" ? undefined : Number(text);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The control groups that the machine's containers had, in every hierarchy of this host. */
async function removeControlGroups(group: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const hierarchies = existsSync(root) ? [root, ...readdirSync(root).map((entry) => join(root, entry))] : [];
  for (const hierarchy of hierarchies.filter((path) => existsSync(join(path, group)))) {
    const { stdout } = await must(["find", join(hierarchy, group), "-depth", "-type", "d"]);
    for (const path of stdout.split("\n").filter(Boolean)) await removeControlGroup(path);
  }
}

/** A process that was killed leaves its group a moment later, on a busy machine some seconds. */
async function removeControlGroup(path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rmdir(path);
    } catch (error) {
      if (attempt === 200 || !String(error).includes("EBUSY")) throw error;
      await sleep(50);
    }
  }
}

function assignments(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

async function must(command: readonly string[]): Promise<Result> {
  const result = await run(command);
  if (result.status !== 0) throw new Error(`${command.join(" ")}: ${result.stderr || result.stdout}`);
  return result;
}
