import { output } from "../../../tools/shell";
import { namesOf } from "../consumerMachine";
import type { World } from "../walk/world";
import { buildOf, unpackEngine, useEngineOf } from "./engines";

/** One upgrade, or its way back. */
export interface Step {
  readonly name: string;
  /** What it needs, before clients ask. */
  prepare?(world: World): Promise<void>;
  act(world: World): Promise<void>;
}

const registry2 = "localhost/private-registry-upgrade/registry:2.8";
const nginx130 = "localhost/private-registry-upgrade/nginx:1.30";

async function up(world: World): Promise<void> {
  const { status, stdout, stderr } = await world.up();
  if (status !== 0) throw new Error(`npm run up failed:\n${stdout}${stderr}`);
  await world.readReach();
}

async function load(world: World, image: string): Promise<void> {
  const { folder } = namesOf(world.clone.stack);
  const load = 'docker save "$1" | docker --host "unix://$2/run/docker.sock" load';
  await output(["sh", "-ec", load, "sh", image, folder]);
}

/** With an image in place of the default, or the default again. */
function image(name: string, key: string, value?: string): Step {
  return {
    name,
    async act(world) {
      const { [key]: _, ...rest } = world.settings;
      world.settings = value === undefined ? rest : { ...rest, [key]: value };
      await up(world);
    },
  };
}

function engine(name: string, release?: string): Step {
  return { name, act: (world) => useEngineOf(world, release) };
}

/** Puts the clone at another commit of ours. */
export async function checkOut(world: World, commit: string): Promise<void> {
  await output(["git", "-C", world.clone.folder, "checkout", "--quiet", "--force", commit]);
}

function ours(name: string, commit: string): Step {
  return {
    name,
    async act(world) {
      await checkOut(world, commit);
      await up(world);
    },
  };
}

/** Every upgrade and its way back, from a stack of the commit `before` on. */
export function stepsFrom(before: string, now: string): Step[] {
  return [
    ours(`this library, ${before} to ${now}`, now),
    ours(`back to ${before}`, before),
    ours(`and to ${now} again`, now),
    {
      ...image("registry 3.1 to 2.8", "registryImage", registry2),
      async prepare(world) {
        const packages = "docker-registry wget";
        await buildOf(registry2, "trixie", packages, 'ENTRYPOINT ["docker-registry"]\n');
        await load(world, registry2);
      },
    },
    image("registry 2.8 to 3.1", "registryImage"),
    {
      ...image("nginx 1.26 to 1.30, njs 0.8 to 1.0", "proxyImage", nginx130),
      async prepare(world) {
        const packages = "nginx-light libnginx-mod-http-js curl";
        const more = 'EXPOSE 80\nSTOPSIGNAL SIGQUIT\nCMD ["nginx", "-g", "daemon off;"]\n';
        await buildOf(nginx130, "forky", packages, more);
        await load(world, nginx130);
      },
    },
    image("nginx 1.30 to 1.26", "proxyImage"),
    {
      ...engine("Docker Engine 20.10 to 26", "trixie"),
      async prepare(world) {
        for (const release of ["trixie", "forky"]) await unpackEngine(world, release);
      },
    },
    engine("Docker Engine 26 to 28", "forky"),
    { ...image("an up with Docker Engine 28: another time zone", "timeZone", "Asia/Tokyo") },
    engine("Docker Engine 28 to 26", "trixie"),
    engine("Docker Engine 26 to 20.10"),
  ];
}
