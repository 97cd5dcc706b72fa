import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../tools/shell";
import { recreate } from "../recreate";
import { fault, type Kind, taken } from "./kind";

const helpers = ["proxy-files", "proxy-stage", "proxy-activate", "registry-files", "registry-prepare"];

/** One of the servers, by what docker does to it. */
function toServer(verb: string, ...command: readonly string[]): Kind {
  return taken(`a server is ${verb}`, async (world, random) => {
    const server = random.pick(world.servers);
    await world.mustDocker(...command, server);
    return server.replace(`${world.prefix}-`, "");
  });
}

function daemonEnds(signal: string): Kind {
  return fault(
    `the Docker daemon restarts after ${signal}`,
    async (world) => {
      const { exec } = world.machine;
      const daemon = (await exec(["cat", "/run/docker.pid"])).stdout.trim();
      await exec(["kill", `-${signal}`, daemon]);
      await until(
        "another daemon answers",
        async () => {
          const next = await exec(["cat", "/run/docker.pid"]);
          return (
            next.status === 0 && next.stdout.trim() !== daemon && (await world.docker("info")).status === 0
          );
        },
        120,
      );
      return `process ${daemon}`;
    },
    { heals: true },
  );
}

/** What happens to a Docker host. */
export const faults: readonly Kind[] = [
  toServer("removed", "rm", "--force"),
  toServer("stopped", "stop", "--time", "5"),
  toServer("killed", "kill"),
  toServer("paused", "pause"),
  taken("all servers are removed", async (world) => {
    await world.mustDocker("rm", "--force", ...world.servers);
    return `${world.servers.length} servers`;
  }),
  fault(
    "the process of a server dies",
    async (world, random) => {
      const server = random.pick(world.servers);
      const pid = await world.mustDocker("inspect", "--format", "{{.State.Pid}}", server);
      await world.machine.exec(["kill", "-9", pid]);
      await sleep(500);
      return server.replace(`${world.prefix}-`, "");
    },
    { heals: true },
  ),
  fault("the helper containers are pruned", async (world) => {
    await world.docker("rm", ...helpers.map((role) => `${world.prefix}-${role}`));
    return "docker container prune";
  }),
  taken("everything is stopped, then containers and networks are pruned", async (world) => {
    await world.mustDocker("stop", "--time", "5", ...world.servers);
    await world.mustDocker("container", "prune", "--force");
    await world.mustDocker("network", "prune", "--force");
    return "docker system prune";
  }),
  fault("a server is made again outside the engine", async (world, random) => {
    const server = random.pick(world.servers);
    await recreate(server, world.machine.dockerHost);
    return server.replace(`${world.prefix}-`, "");
  }),
  daemonEnds("TERM"),
  daemonEnds("KILL"),
  taken(
    "down, and up again",
    async (world) => {
      const { status } = await world.npm("down");
      if (status !== 0) throw new Error("npm run down failed");
      world.forgetOlderState();
      return world.settings.keepDataOnDestroy === false ? "data gone" : "data kept";
    },
    {
      losesImages: ({ settings }) =>
        settings.keepDataOnDestroy === false && !JSON.stringify(settings.storage ?? {}).includes("hostPath"),
    },
  ),
];
