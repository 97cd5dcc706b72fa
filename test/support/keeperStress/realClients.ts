import { setTimeout as sleep } from "node:timers/promises";
import type { ConsumerMachine } from "../consumerMachine";
import { type Random, randomOf } from "../walk/random";
import type { Image } from "./images";
import { count, pushUntilDone } from "./tally";
import { makeImage, pulling, push, repositories, type World } from "./traffic";

/** A client that people have, on a machine of its own. */
export interface RealClient {
  readonly name: string;
  /** Pulls by a reference, and keeps nothing of it. */
  pull(reference: string): Promise<void>;
  /** Gets an image to push it later under any name. */
  fetch(reference: string): Promise<void>;
  /** Pushes what was fetched by the first reference under the second. */
  push(from: string, to: string): Promise<void>;
}

const CTR = ["ctr", "--address", "/run/docker/containerd/containerd.sock"];

/** Docker, containerd and skopeo. */
export function realClients(machine: ConsumerMachine): RealClient[] {
  const must = async (...command: string[]): Promise<string> => {
    const { status, stdout, stderr } = await machine.exec(command);
    if (status !== 0) throw new Error(`${command.join(" ")}: ${(stderr || stdout).slice(-400)}`);
    return stdout;
  };
  const insecure = ["--src-tls-verify=false", "--dest-tls-verify=false"];
  const copy = (from: string, to: string) =>
    must("skopeo", "copy", "--quiet", "--all", ...insecure, from, to);
  let pulls = 0;
  return [
    {
      name: "docker",
      async pull(reference) {
        await must("docker", "pull", "--quiet", reference);
        await must("docker", "rmi", reference);
      },
      async fetch(reference) {
        await must("docker", "pull", "--quiet", reference);
      },
      async push(from, to) {
        await must("docker", "tag", from, to);
        await must("docker", "push", "--quiet", to);
      },
    },
    {
      name: "containerd",
      async pull(reference) {
        await must(...CTR, "images", "pull", "--plain-http", "--snapshotter", "native", reference);
        await must(...CTR, "images", "rm", "--sync", reference);
      },
      async fetch(reference) {
        await must(...CTR, "content", "fetch", "--plain-http", "--all-platforms", reference);
      },
      async push(from, to) {
        if (from !== to) await must(...CTR, "images", "tag", "--force", from, to);
        await must(...CTR, "images", "push", "--plain-http", to);
      },
    },
    {
      name: "skopeo",
      async pull(reference) {
        const target = `/tmp/pulled-${pulls++}`;
        await copy(`docker://${reference}`, `dir:${target}`);
        await must("rm", "-r", target);
      },
      async fetch(reference) {
        const folder = `/tmp/kept/${nameOf(reference)}`;
        await must("mkdir", "-p", "/tmp/kept");
        await copy(`docker://${reference}`, `dir:${folder}`);
      },
      async push(from, to) {
        const folder = `/tmp/kept/${nameOf(from)}`;
        await copy(`dir:${folder}`, `docker://${to}`);
      },
    },
  ];
}

const nameOf = (reference: string) => reference.replace(/[^a-z0-9]/g, "-");

/** Pulls what others have pushed, and pushes a few images again and again, also after somebody deleted them. */
export async function workWith(real: RealClient, world: World, address: string): Promise<void> {
  const { ledger, tally } = world;
  const random = randomOf(real.name, world.seed);
  const stock = await stockOf(real, world, address, random);
  for (let number = 0; !world.isOver; number++) {
    if (number % 2 === 0) {
      // Not its own stock, which it would remove after the pull.
      const { repository, tag } = random.pick(
        ledger
          .tags()
          .filter((each) => each.image.subject === undefined && !each.tag.startsWith(`${real.name}-`)),
      );
      const reference = `${address}/${repository}:${tag}`;
      await pulling(world, { repository, tag }, real.name, () => real.pull(reference));
    } else {
      const { from, image } = random.pick(stock);
      await pushStock(real, world, { address, from, image, repository: random.pick(repositories), number });
    }
    await sleep(random.below(300));
  }
  count(tally, `${real.name} at work`);
}

interface Stock {
  /** What it was fetched by. */
  readonly from: string;
  readonly image: Image;
}

async function stockOf(real: RealClient, world: World, address: string, random: Random): Promise<Stock[]> {
  const stock: Stock[] = [];
  for (let number = 0; number < 4; number++) {
    const [tag, image] = [`${real.name}-${number}`, makeImage(random, `${real.name}-${number}`)];
    await push(world, random, "base", tag, image);
    const from = `${address}/base:${tag}`;
    await real.fetch(from);
    stock.push({ from, image });
  }
  return stock;
}

interface StockPush extends Stock {
  readonly address: string;
  readonly repository: string;
  readonly number: number;
}

/** Docker compresses layers anew: what it made of an image is asked for before the tag is noted. */
async function pushStock(real: RealClient, world: World, one: StockPush): Promise<void> {
  const { client, ledger, tally } = world;
  const { address, from, repository, number } = one;
  const tag = `t-${real.name}-${number % 12}`;
  const to = `${address}/${repository}:${tag}`;
  const image = dockerMade.get(from) ?? one.image;
  await ledger.pushing(repository, tag, image, async () => {
    await pushUntilDone(tally, `${real.name} push ${to}`, () => real.push(from, to));
    count(tally, `${real.name} push`);
    if (real.name !== "docker") return undefined;
    const made = await client.pull(repository, tag);
    dockerMade.set(from, made);
    return made;
  });
}

const dockerMade = new Map<string, Image>();
