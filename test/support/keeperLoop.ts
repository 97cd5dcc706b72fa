// The keeper's loop in a shell of this machine, with a Node that does as a test says.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPath, dataPath, filesPath } from "../../components/docker/paths";
import { keeperHealthScript, keeperScript } from "../../components/keeper/keeperScripts";
import { markFile } from "../../components/registry/registryScripts";
import { type Result, run, until } from "../../tools/shell";
import { moved } from "./scriptFolder";

/** The two shells of the images, each with the tools of its own system. */
export const shells = ["dash", "busybox"] as const;

export interface KeeperLoop {
  /** A path in the folder of the test. */
  at(...path: string[]): string;
  start(): ChildProcess;
  /** Ends all that was started. */
  end(): Promise<void>;
  /** Kills all that was started with what it runs, as the end of a container does. */
  kill(): Promise<void>;
  /** Until the loop has gone round so many times more. */
  rounds(count: number): Promise<void>;
  health(): Promise<Result>;
  /** Shell lines that a job is from now on, instead of a success. */
  job(name: string, lines: string): void;
  /** What was called: generation, job and arguments; what was slept but for a second; under which lock. */
  calls(): string[];
  /** Sets the clock: seconds since 1970, and the local time, "HH:MM:SS". */
  clock(seconds: number, local: string): void;
  /** Says how full the disk is: blocks of 1 MiB, files. Without a word it is that of this machine. */
  disk(state: DiskState): void;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(): void;
}

/** In blocks of 1 MiB, as `stat -f` has them: all, free and free for others than root; files, and how many are free. */
export interface DiskState {
  readonly blocks: number;
  readonly free: number;
  readonly available?: number;
  readonly files?: number;
  readonly freeFiles?: number;
}

/** An id of a request that ends with these digits. */
export const requestId = (digits: string) => digits.padStart(32, "0");

/** What the loop is told, with changes. */
export function scheduleWith(change: { readonly [name: string]: string } = {}): string {
  const told = {
    COLLECT_AT: "03:30",
    TIME_ZONE: "UTC",
    SETTLE_SECONDS: "900",
    EARLY_SECONDS: "3600",
    DISK_GUARD: "no",
    QUOTAS: "no",
    ...change,
  };
  return Object.entries(told)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}

export function keeperLoop(shell: (typeof shells)[number]): KeeperLoop {
  const folder = mkdtempSync(join(tmpdir(), "keeper-"));
  const at = (...path: string[]) => join(folder, ...path);
  for (const name of ["tmp", "data", "control", "files/one", "bin", "busybox", "jobs"])
    mkdirSync(at(name), { recursive: true });
  for (const name of ["requests", "answers", "state", "flags"]) mkdirSync(at("control", name));
  symlinkSync("one", at("files/current"));
  const write = (path: string, text: string) => writeFileSync(at(path), text);
  const read = (path: string) => readFileSync(at(path), "utf8");
  write("files/one/schedule", scheduleWith());
  write(join("data", markFile), "");
  for (const [name, text] of Object.entries({ node: node(folder), date: date(folder), stat: stat(folder) })) {
    write(join("bin", name), text);
    chmodSync(at("bin", name), 0o755);
  }
  execFileSync("busybox", ["--install", "-s", at("busybox")]);
  // Alpine's busybox has a flock of its own, Debian's has none.
  symlinkSync(execFileSync("sh", ["-c", "command -v flock"], { encoding: "utf8" }).trim(), at("bin/flock"));
  const places = {
    // First: the folder of the test is in it.
    "/tmp": at("tmp"),
    [dataPath]: at("data"),
    [controlPath]: at("control"),
    [filesPath]: at("files"),
  };
  const tools = shell === "dash" ? process.env.PATH : at("busybox");
  const env = { PATH: `${at("bin")}:${tools}` };
  const program = shell === "dash" ? "dash" : at("busybox", "sh");
  const quick = `sleep() { [ "$1" = 1 ] || echo "sleep $1" >> ${at("calls")}; command sleep 0.005; }`;
  const children: [ChildProcess, Promise<unknown>][] = [];
  return {
    at,
    write,
    read,
    start() {
      const script = `${quick}\n${moved(keeperScript(), places)}`;
      const child = spawn(program, ["-c", script], {
        env,
        stdio: ["ignore", "ignore", "inherit"],
        detached: true,
      });
      children.push([child, new Promise((resolve) => child.on("exit", resolve))]);
      return child;
    },
    async end() {
      for (const [child] of children) child.kill("SIGTERM");
      for (const [, ended] of children) await ended;
      await this.kill();
    },
    async kill() {
      for (const [{ pid }, ended] of children.splice(0)) {
        if (pid !== undefined) killGroup(pid);
        await ended;
      }
    },
    async rounds(count) {
      let first: number | undefined;
      await until(`it has gone round ${count} times`, async () => {
        const heartbeat = existsSync(at("tmp/heartbeat")) ? read("tmp/heartbeat") : "";
        // Empty for the moment in which it is written.
        if (heartbeat === "") return false;
        first ??= Number(heartbeat);
        return Number(heartbeat) >= first + count;
      });
    },
    health: () => run([program, "-c", moved(keeperHealthScript(), places)], { env }),
    job: (name, lines) => write(join("jobs", name), lines),
    calls: () => (existsSync(at("calls")) ? read("calls").trim().split("\n") : []),
    clock: (seconds, local) => {
      const [hours, minutes, rest] = local.split(":");
      write("clock.new", `${seconds} 1${hours} 1${minutes} 1${rest}\n`);
      execFileSync("mv", [at("clock.new"), at("clock")]);
    },
    disk({ blocks, free, available = free, files = 0, freeFiles = files }) {
      write("disk.new", `1048576 ${blocks} ${free} ${available} ${files} ${freeFiles}\n`);
      execFileSync("mv", [at("disk.new"), at("disk")]);
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** Kills a process with what it began, if anything is left of them. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {}
}

/**
 * Notes its call and whether it was begun under the lock of steps, whose file is open then, then does what the test says;
 * a request it answers and removes.
 */
const node = (folder: string) => `#!/bin/sh
generation=\${1%/*}
shift 2
held=
for open in /proc/$$/fd/*; do
  [ "$(readlink "$open")" != ${folder}/data/.trash/step.lock ] || held=" locked"
done
echo "\${generation##*/} $*$held" >> ${folder}/calls
cd ${folder}/control || exit 1
[ ! -f "${folder}/jobs/$1" ] || . "${folder}/jobs/$1"
if [ "$1" = request ]; then
  mkdir -p "answers/$2"
  echo 0 > "answers/$2/status"
  rm "requests/$2"
fi
`;

const date = (folder: string) => `#!/bin/sh
read -r seconds local < ${folder}/clock
case "$1" in
  +%s) echo "$seconds" ;;
  *) echo "$seconds $local" ;;
esac
`;

const stat = (folder: string) => `#!/bin/sh
if [ "$1" = -f ] && [ -f ${folder}/disk ]; then exec cat ${folder}/disk; fi
PATH=\${PATH#*:} exec stat "$@"
`;
