import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../../tools/shell";

const root = "/sys/fs/cgroup";

/** The cgroups of some containers: what they spend and hold, whatever the clients do on the same processors. */
export class Cgroups {
  private constructor(private readonly folders: readonly { cpu: string; memory: string }[]) {}

  static async of(containers: readonly string[]): Promise<Cgroups> {
    const pids = await output(["docker", "inspect", "-f", "{{.State.Pid}}", ...containers]);
    return new Cgroups(pids.split("\n").map(foldersOf));
  }

  /** All that is in a cgroup of this name at the top. */
  static under(name: string): Cgroups {
    const folder = (controller: string) =>
      existsSync(join(root, controller)) ? join(root, controller, name) : join(root, name);
    return new Cgroups([{ cpu: folder("cpuacct"), memory: folder("memory") }]);
  }

  /** Processor time so far, in microseconds, user and system. */
  cpu(): number {
    return sum(this.folders.map(({ cpu }) => cpuOf(cpu)));
  }

  /** Memory that no file backs, in bytes: page cache filled by sendfile is not the server's. */
  anonymous(): number {
    return sum(this.folders.map(({ memory }) => anonymousOf(memory)));
  }
}

/** Runs something, and answers the greatest anonymous memory seen meanwhile, in MB. */
export async function peakOf(cgroups: Cgroups, work: () => Promise<unknown>): Promise<number> {
  let peak = cgroups.anonymous();
  const timer = setInterval(() => {
    peak = Math.max(peak, cgroups.anonymous());
  }, 50);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, cgroups.anonymous()) / 1e6;
}

function foldersOf(pid: string): { cpu: string; memory: string } {
  const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n");
  const folder = (controller: string) => {
    const line = lines.find((each) => each.split(":")[1]?.split(",").includes(controller));
    if (line !== undefined) return join(root, controller, line.split(":")[2] ?? "");
    const unified = lines.find((each) => each.startsWith("0::")) ?? "0::/";
    return join(root, unified.slice(3));
  };
  return { cpu: folder("cpuacct"), memory: folder("memory") };
}

function cpuOf(folder: string): number {
  const v1 = join(folder, "cpuacct.usage");
  if (existsSync(v1)) return Number(readFileSync(v1, "utf8")) / 1000;
  return field(join(folder, "cpu.stat"), "usage_usec");
}

function anonymousOf(folder: string): number {
  const file = join(folder, "memory.stat");
  return existsSync(join(folder, "memory.usage_in_bytes")) ? field(file, "total_rss") : field(file, "anon");
}

function field(file: string, name: string): number {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ")[1] ?? Number.NaN);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
