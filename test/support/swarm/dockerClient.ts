import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { output, run } from "../../../tools/shell";
import { clusterName, password, user } from "./clusterStand";
import type { Machine } from "./machines";

/** Docker on a machine of its own, which knows one name with the addresses of all nodes. */
export interface DockerClient {
  /** Names this node first from now on: Docker asks it first. */
  prefer(node: Machine): Promise<void>;
  /** Pulls and pushes without pause, each in a loop of its own. */
  work(): DockerWork;
  remove(): void;
}

export interface DockerWork {
  /** Ends both loops after what is under way. */
  stop(): Promise<DockerCount>;
}

export interface DockerCount {
  readonly pulls: number;
  readonly pushes: number;
  /** What Docker said, for each that failed. */
  readonly failures: readonly string[];
  /** The longest pull or push, in seconds. */
  readonly longest: number;
}

const layerBytes = 300_000;

/** Time for which a program in Go goes by what it has read in `/etc/hosts`. */
const hostsMs = 6000;

/** Logs it in, and pushes the image that it pulls later. */
export async function dockerClient(
  machine: Machine,
  ca: string,
  nodes: readonly Machine[],
): Promise<DockerClient> {
  const trusted = join(machine.etc, "docker/certs.d", clusterName);
  mkdirSync(trusted, { recursive: true });
  writeFileSync(join(trusted, "ca.crt"), ca);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-docker-"));
  const docker = ["docker", "--host", machine.dockerHost, "--config", folder];
  const prefer = async (node: Machine) => {
    const inOrder = [node, ...nodes.filter((each) => each !== node)];
    const lines = ["127.0.0.1 localhost", ...inOrder.map(({ address }) => `${address} ${clusterName}`)];
    writeFileSync(join(machine.etc, "hosts"), `${lines.join("\n")}\n`);
    await sleep(hostsMs);
  };
  /** An image of one layer that nobody has. */
  const make = async (reference: string) => {
    writeFileSync(join(folder, "content"), randomBytes(layerBytes));
    const script = 'folder=$1; shift; tar -C "$folder" -cf - content | "$@"';
    await output(["sh", "-c", script, "make", folder, ...docker, "import", "-", reference]);
  };
  const pulled = `${clusterName}/team/docker:1`;
  let number = 0;
  const pull = async () => {
    await run([...docker, "rmi", pulled]);
    return () => run([...docker, "pull", "--quiet", pulled]);
  };
  const push = async () => {
    const reference = `${clusterName}/team/docker:push-${number++}`;
    await make(reference);
    return async () => {
      const result = await run([...docker, "push", "--quiet", reference]);
      await run([...docker, "rmi", reference]);
      return result;
    };
  };
  const [first] = nodes;
  if (first !== undefined) await prefer(first);
  const [name = ""] = user.split(":");
  const login = ["login", "--username", name, "--password-stdin", clusterName];
  await output([...docker, ...login], { input: password });
  await make(pulled);
  await output([...docker, "push", "--quiet", pulled]);
  return {
    prefer,
    work: () => workOf(pull, push),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Prepares what is then done, and timed. */
type Prepare = () => Promise<() => ReturnType<typeof run>>;

function workOf(pull: Prepare, push: Prepare): DockerWork {
  let goesOn = true;
  let longest = 0;
  const failures: string[] = [];
  const loop = async (prepare: Prepare) => {
    let count = 0;
    for (; goesOn; count++) {
      const act = await prepare();
      const began = Date.now();
      const { status, stderr } = await act();
      longest = Math.max(longest, (Date.now() - began) / 1000);
      if (status !== 0) failures.push(stderr.trim());
    }
    return count;
  };
  const loops = Promise.all([loop(pull), loop(push)]);
  return {
    async stop() {
      goesOn = false;
      const [pulls, pushes] = await loops;
      return { pulls, pushes, failures, longest };
    },
  };
}
