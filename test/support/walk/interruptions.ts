import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../tools/shell";
import { fault, type Kind } from "./kind";
import type { Random } from "./random";
import { frontOf, fronts, hasTls, userList, usersOf } from "./settings";
import type { World } from "./world";

/** Changes that make servers anew or have the proxy reload, so that there is something to interrupt. */
function changeSomething(world: World, random: Random): string {
  const what = random.pick(["timeZone", "front", "users", "logLevel", "port"]);
  if (what === "timeZone")
    world.set({ timeZone: world.settings.timeZone === "Asia/Tokyo" ? "UTC" : "Asia/Tokyo" });
  if (what === "front")
    world.set({ front: random.pick(fronts.filter((front) => front !== frontOf(world.settings))) });
  if (what === "users")
    world.set({
      users: usersOf(world.settings).includes("erin")
        ? userList(world.settings).filter(({ name }) => name !== "erin")
        : [...userList(world.settings), { name: "erin" }],
    });
  if (what === "logLevel")
    world.set({
      registry: {
        logLevel: JSON.stringify(world.settings.registry ?? {}).includes("info") ? "warn" : "info",
      },
    });
  if (what === "port") world.set({ port: world.settings.port === 5447 ? 5448 : 5447 });
  return what === "front" ? `front to ${frontOf(world.settings)}` : what;
}

/** An `up` that is ended at a moment of its own, from its first look at the stack to its last. */
function interrupted(title: string, end: (world: World, pid: number, main: number) => void): Kind {
  return fault(
    title,
    async (world, random) => {
      const what = changeSomething(world, random);
      const { child, done } = world.startUp();
      let ended = false;
      void done.then(() => {
        ended = true;
      });
      await until("the engine has its lock", async () => ended || world.clone.engines().length > 0, 120);
      const delay = random.below(9000);
      await Promise.race([sleep(delay), done]);
      const [pid] = world.clone.engines();
      if (!ended && pid !== undefined) end(world, pid, child.pid ?? pid);
      const { status } = world.noted("up, interrupted", await done);
      // The signal came too late, or in the engine's own preview, after which it goes on.
      if (status === 0) await world.readReach();
      return `${what}, after ${(delay / 1000).toFixed(1)} s, status ${status}`;
    },
    { takes: serverIsMissing },
  );
}

/** Whether the engine was ended between the end of a server and the start of the next one. */
async function serverIsMissing(world: World): Promise<boolean> {
  const door = `${world.prefix}-${frontOf(world.settings) === "direct" || frontOf(world.settings) === "none" ? "registry" : "proxy"}`;
  const names = [door, `${world.prefix}-registry`];
  const states = await Promise.all(
    names.map((name) => world.docker("inspect", "--format", "{{.State.Running}}", name)),
  );
  return states.some(({ stdout }) => stdout.trim() !== "true");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** What happens to the engine and its records. */
export const interruptions: readonly Kind[] = [
  interrupted("kill -9 of the engine during an up", (_world, engine) => signal(engine, "SIGKILL")),
  interrupted("Ctrl-C during npm run up", (_world, _engine, main) => signal(main, "SIGINT")),
  interrupted("npm run up is told to end", (_world, _engine, main) => signal(main, "SIGTERM")),
  fault(
    "an older state is restored",
    (world) => {
      copyFileSync(world.olderState, world.clone.stateFile);
      return "that of before the last up";
    },
    { fits: (world) => existsSync(world.olderState) },
  ),
  fault("a lock of an engine that died is left", (world) => {
    mkdirSync(world.clone.lockFolder, { recursive: true });
    const lock = {
      pid: 4_194_304,
      username: "root",
      hostname: hostname(),
      timestamp: new Date().toISOString(),
    };
    writeFileSync(
      join(world.clone.lockFolder, "11111111-2222-3333-4444-555555555555.json"),
      JSON.stringify(lock),
    );
    return "of process 4194304";
  }),
  fault(
    "the certificate has come to its end",
    (world) => {
      const state: { checkpoint: { latest: { resources: StateResource[] } } } = JSON.parse(
        readFileSync(world.clone.stateFile, "utf8"),
      );
      const leaves = state.checkpoint.latest.resources.filter(isLeaf);
      for (const { outputs } of leaves)
        outputs.validityEndTime = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();
      writeFileSync(world.clone.stateFile, JSON.stringify(state, undefined, 4));
      return `${leaves.length} certificates`;
    },
    {
      fits: ({ settings, clone }) =>
        hasTls(settings) && settings.ownCertificate === undefined && existsSync(clone.stateFile),
      async check({ clone }) {
        const text = readFileSync(clone.stateFile, "utf8");
        const ends = [...text.matchAll(/"validityEndTime": ?"([^"]+)"/g)].map(
          ([, end = ""]) => new Date(end),
        );
        return ends.every((end) => end > new Date())
          ? undefined
          : "a certificate that has ended was not renewed";
      },
    },
  ),
];

interface StateResource {
  readonly type: string;
  readonly outputs: { validityEndTime?: string };
}

function isLeaf({ type }: StateResource): boolean {
  return type === "tls:index/locallySignedCert:LocallySignedCert";
}
