import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../tools/shell";
import { namesOf } from "../consumerMachine";
import { type Fault, type Host, nobody, noConnection, onHost } from "./fault";

async function anotherDaemonAnswers(host: Host, former: string): Promise<void> {
  const { exec } = host.world.machine;
  await until(
    "another daemon answers",
    async () => {
      const next = await exec(["cat", "/run/docker.pid"]);
      const isOther = next.status === 0 && next.stdout.trim() !== former;
      return isOther && (await host.world.docker("info")).status === 0;
    },
    120,
  );
}

const daemonOf = (host: Host) => onHost(host, "cat /run/docker.pid");

function daemonEnds(signal: string, title: string): Fault {
  return {
    name: `the Docker daemon ${title}`,
    seen: "no connection until it is back, and `503` for a moment",
    failures: nobody,
    within: 60,
    async strike(host) {
      const daemon = await daemonOf(host);
      await onHost(host, `kill -${signal} "$1"`, daemon);
      await anotherDaemonAnswers(host, daemon);
    },
  };
}

/** What happens to the machine and its network. */
export const ofMachine: readonly Fault[] = [
  daemonEnds("TERM", "restarts"),
  daemonEnds("KILL", "is killed (-9)"),
  {
    name: "everything is killed at once (-9), in the middle of pushes",
    seen: "no connection until Docker is back; no image that was acknowledged is lost",
    failures: nobody,
    within: 60,
    async strike(host) {
      const daemon = await daemonOf(host);
      const ids = await host.world.mustDocker("ps", "--quiet");
      const format = ["inspect", "--format", "{{.State.Pid}}", ...ids.split("\n")];
      const pids = (await host.world.mustDocker(...format)).split("\n");
      await onHost(host, 'kill -9 "$@" $(pgrep containerd) || true', daemon, ...pids);
      await anotherDaemonAnswers(host, daemon);
    },
  },
  {
    name: "the network of the machine is away for six seconds",
    seen: "no answer, or one that comes late",
    failures: noConnection,
    within: 10,
    async strike(host) {
      // Its other end would leave our packets to the way to everywhere else.
      const cut = 'ip route show default > /tmp/route && ip link set dev "$1" down';
      await onHost(host, cut, namesOf(host.world.clone.stack).link);
    },
    async mend(host) {
      await sleep(3000);
      const join = 'ip link set dev "$1" up && [ ! -s /tmp/route ] || ip route replace $(cat /tmp/route)';
      await onHost(host, join, namesOf(host.world.clone.stack).link);
    },
  },
  {
    name: "stopped containers are pruned (`docker container prune`)",
    seen: "nothing",
    within: 10,
    async strike({ world }) {
      await world.mustDocker("container", "prune", "--force");
    },
  },
];
