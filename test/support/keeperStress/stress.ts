import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "../../../tools/shell";
import { startRegistry } from "../registryProcess";
import { type Collection, makeCollections } from "./collections";
import { makeKeeper } from "./keeperProcess";
import { makeLedger } from "./ledger";
import { plainClient } from "./plainClient";
import { makeTally, type Tally } from "./tally";
import { populate, type World, work } from "./traffic";
import { type Verdict, verify } from "./verify";

export interface StressOptions {
  readonly seed: string;
  readonly collections: number;
  /** Every so many collections one is killed. */
  readonly killEvery: number;
  readonly tags: number;
  /** Pushes images again while their parts are moved into the trash, not only when all of them are there. */
  readonly isAdverse?: boolean;
  /** Where the registry listens. */
  readonly host: string;
  readonly port: number;
  readonly say: (line: string) => void;
  /** More clients, which end when the world is over. */
  readonly clients?: (world: World) => readonly Promise<void>[];
  /** After this time no collection begins. */
  readonly until?: number;
  /** Leaves the folder there if something is wrong. */
  readonly keeps?: boolean;
}

/** A time in which a tag lacked something. */
export interface Lack {
  readonly milliseconds: number;
  readonly since: string;
  readonly name: string;
  readonly what: string;
}

export interface StressResult {
  readonly tally: Tally;
  readonly collections: readonly Collection[];
  readonly lacks: readonly Lack[];
  readonly verdict: Verdict;
  readonly folder: string;
  readonly seconds: number;
}

/** Clients at work on a real registry while collections run, and what is there in the end. */
export async function stress(options: StressOptions): Promise<StressResult> {
  const started = Date.now();
  const { seed, host, port, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "private-registry-stress-"));
  const dataFolder = join(folder, "data");
  const registry = await startRegistry({ dataFolder, listen: `${host}:${port}` });
  const client = plainClient(host, port);
  const world: World = { seed, client, ledger: makeLedger(), tally: makeTally(), isOver: false };
  const keeper = makeKeeper(folder, {
    dataFolder,
    controlFolder: join(folder, "control"),
    graceSeconds: 4,
    settleSeconds: 2,
    undoSeconds: 6,
    minimumTrashSeconds: 5,
    uploadSeconds: 60,
    retention: [],
  });
  const watcher = start([process.execPath, "--import", "tsx", join(__dirname, "watcher.ts"), dataFolder]);
  try {
    await populate(world, options.tags);
    say(`${options.tags} tags after ${Math.round((Date.now() - started) / 1000)} s`);
    const workers = Array.from({ length: 4 }, (_, worker) => work(world, worker));
    workers.push(...(options.clients?.(world) ?? []));
    const busy = Promise.all(workers);
    busy.catch(() => {}); // It is awaited later, whatever happens before.
    const most = { tags: Math.round(options.tags * 1.3), untagged: options.tags / 2 };
    const runner = makeCollections(world, keeper, { isAdverse: options.isAdverse === true, most });
    const letUntagged = (go: boolean) => {
      world.ledger.untaggedGo = go;
      keeper.change({ untaggedSeconds: go ? 0 : undefined });
    };
    const collections = await collectAll(world, options, runner, letUntagged);
    world.isOver = true;
    await busy;
    watcher.child.kill("SIGTERM");
    const lacks = lacksIn((await watcher.done).stdout, world);
    // One finds what is unneeded, one takes it, one removes it for good.
    for (let number = 0; number < 3; number++) {
      await runner.settle();
      await sleep(7000);
    }
    const verdict = await verify(world, dataFolder);
    return {
      tally: world.tally,
      collections,
      lacks,
      verdict,
      folder,
      seconds: (Date.now() - started) / 1000,
    };
  } finally {
    world.isOver = true;
    watcher.child.kill("SIGTERM");
    client.close();
    await registry.stop();
    if (!options.keeps) rmSync(folder, { recursive: true, force: true });
  }
}

async function collectAll(
  world: World,
  { collections, killEvery, until = Infinity, say }: StressOptions,
  runner: ReturnType<typeof makeCollections>,
  letUntagged: (go: boolean) => void,
): Promise<Collection[]> {
  const done: Collection[] = [];
  for (let number = 1; number <= collections && Date.now() < until; number++) {
    // Somebody changes their mind: in four collections they go, in the next four those that are left are kept.
    if (number % 4 === 1) letUntagged(number % 8 === 1);
    const collection = await runner.run(number, number % killEvery === 0);
    done.push(collection);
    const { killed, taken, pushedAgain, seconds, megabytes } = collection;
    const how = killed === undefined ? "" : `, killed in ${killed}`;
    say(
      `${number}: ${taken.links} links and ${taken.blobs} blobs taken, ${pushedAgain} pushed again, ${seconds.toFixed(1)} s, ${megabytes} MB${how}`,
    );
    if (world.tally.failedPulls.length > 20) throw new Error(world.tally.failedPulls.join("\n"));
  }
  return done;
}

function lacksIn(text: string, { ledger }: World): Lack[] {
  return text
    .split("\n")
    .filter((line) => line.includes("milliseconds"))
    .map((line): Lack => JSON.parse(line))
    .filter(({ name }) => {
      const [repository = "", tag = ""] = name.split(":");
      return ledger.mustBe(repository, tag);
    });
}
