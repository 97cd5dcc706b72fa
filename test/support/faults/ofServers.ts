import {
  type Fault,
  type Host,
  must,
  nameOf,
  nobody,
  noConnection,
  noRegistry,
  onHost,
  registryIsAway,
} from "./fault";

interface ServerRow {
  readonly role: string;
  readonly title: string;
  readonly seen: string;
  readonly failures?: RegExp;
}

const servers: readonly ServerRow[] = [
  { role: "proxy", title: "the proxy", seen: "no connection", failures: noConnection },
  {
    role: "registry",
    title: "the registry",
    seen: registryIsAway,
    failures: noRegistry,
  },
  {
    role: "verifier",
    title: "the verifier",
    seen: "nothing, if the login was checked before; else `503`",
    failures: noRegistry,
  },
  { role: "keeper", title: "the keeper", seen: "nothing" },
];

function toServers(fault: (row: ServerRow) => Omit<Fault, "seen" | "failures">): Fault[] {
  return servers.map((row) => ({ seen: row.seen, failures: row.failures, ...fault(row) }));
}

const pidOf = (host: Host, role: string) =>
  host.world.mustDocker("inspect", "--format", "{{.State.Pid}}", nameOf(host, role));

/** A child takes memory in the control group of a container until the kernel has killed somebody else there. */
const takeMemory = `
import os, sys, tempfile, time
def group():
    lines = [line.strip().split(":", 2) for line in open("/proc/%s/cgroup" % sys.argv[1])]
    for _, controllers, path in lines:
        if "memory" in controllers.split(","):
            return "/sys/fs/cgroup/memory" + path, "memory.limit_in_bytes", "memory.usage_in_bytes"
    return "/sys/fs/cgroup" + lines[0][2], "memory.max", "memory.current"
folder, limit, usage = group()
read = lambda name: open(os.path.join(folder, name)).read()
write = lambda name, text: open(os.path.join(folder, name), "w").write(text)
victims = [pid for pid in read("cgroup.procs").split() if open("/proc/%s/comm" % pid).read() != "sleep\\n"]
isKilled = lambda: not all(os.path.exists("/proc/" + pid) for pid in victims)
for pid in victims:
    open("/proc/%s/oom_score_adj" % pid, "w").write("1000")
child = os.fork()
if child == 0:
    write("cgroup.procs", str(os.getpid()))
    write(limit, str(int(read(usage)) + (32 << 20)))
    # Not memory of its own: the kernel would take it for the one to kill.
    held, end = tempfile.TemporaryFile(dir="/dev/shm", buffering=0), time.time() + 20
    while not isKilled() and time.time() < end:
        held.write(bytes(1 << 20))
    os._exit(0)
os.waitpid(child, 0)
# The group goes with its last process.
if os.path.exists(os.path.join(folder, limit)):
    write(limit, "-1" if "limit" in limit else "max")
sys.exit(0 if isKilled() else 1)
`;

async function takeAllMemory(host: Host, role: string): Promise<void> {
  const command = ["python3", "-c", takeMemory, await pidOf(host, role)];
  const { status, stderr } = await host.world.machine.exec(command);
  if (status !== 0) throw new Error(`nobody was killed: ${stderr}`);
}

/** What happens to one of the servers. */
export const ofServers: readonly Fault[] = [
  ...toServers(({ role, title }) => ({
    name: `the process of ${title} is killed (-9)`,
    within: 10,
    async strike(host) {
      await onHost(host, 'kill -9 "$1"', await pidOf(host, role));
    },
  })),
  {
    name: "a worker of nginx is killed (-9)",
    seen: "the connections of that worker end",
    failures: noConnection,
    within: 10,
    async strike(host) {
      await onHost(host, 'kill -9 "$(pgrep --parent "$1" | head -n 1)"', await pidOf(host, "proxy"));
    },
  },
  ...toServers(({ role, title }) => ({
    name: `${title} has no memory left, and the kernel kills in its container`,
    within: 10,
    strike: (host) => takeAllMemory(host, role),
  })),
  ...toServers(({ role, title }) => ({
    name: `${title} is removed (\`docker rm --force\`)`,
    remedy: "`npm run up`",
    within: 10,
    async strike(host) {
      await host.world.mustDocker("rm", "--force", nameOf(host, role));
    },
    mend: (host) => must(host, "up"),
  })),
  {
    name: "all servers are stopped (`docker stop`)",
    seen: "no connection",
    failures: nobody,
    remedy: "`npm run start`",
    within: 10,
    async strike(host) {
      const roles = servers.map(({ role }) => nameOf(host, role));
      await host.world.mustDocker("stop", "--time", "5", ...roles);
    },
    mend: (host) => must(host, "start"),
  },
  ...servers.slice(0, 2).map(({ role, title }) => ({
    name: `${title} hangs (\`docker pause\`)`,
    seen: "requests that wait until they or the client give up",
    failures: nobody,
    remedy: "`npm run up`",
    within: 10,
    async strike(host: Host) {
      await host.world.mustDocker("pause", nameOf(host, role));
    },
    mend: (host: Host) => must(host, "up"),
  })),
];
