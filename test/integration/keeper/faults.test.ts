import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../../../components/keeper/program/settings";
import { collectionLine } from "../../../tools/keeperStatus";
import { output } from "../../../tools/shell";
import { type Image, imageOf, layerOf } from "../../support/keeperStress/images";
import {
  collectionSteps,
  collectOnce,
  type Keeper,
  makeKeeper,
  succeed,
} from "../../support/keeperStress/keeperProcess";
import { type PlainClient, plainClient } from "../../support/keeperStress/plainClient";
import { startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const firstPort = 18723;
const shared = layerOf("shared");
const kept = Array.from({ length: 10 }, (_, number) =>
  imageOf([shared, layerOf(`kept-${number}`)], `k${number}`),
);
const deleted = Array.from({ length: 10 }, (_, number) =>
  imageOf([shared, layerOf(`deleted-${number}`)], `d${number}`),
);

/** A registry with images, and keepers of its data, which lies on a small disk of its own. */
interface Machine {
  readonly dataFolder: string;
  readonly client: PlainClient;
  keeperOf(name: string, more?: Partial<Settings>): Keeper;
  push(image: Image, tag: string): Promise<void>;
  nothingIsLost(): Promise<void>;
  /** The first of those that were deleted, once they were pushed again. */
  someAreThereAgain(count: number): Promise<void>;
  isThere(image: Image): boolean;
}

let machines = 0;

async function makeMachine(test: TestContext): Promise<Machine> {
  const port = firstPort + machines++;
  const folder = mkdtempSync(join(tmpdir(), "private-registry-faults-"));
  const dataFolder = join(folder, "data");
  mkdirSync(dataFolder);
  await output(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dataFolder]);
  const registry = await startRegistry({ dataFolder, listen: `127.0.0.1:${port}` });
  const client = plainClient("127.0.0.1", port);
  test.after(async () => {
    client.close();
    await registry.stop();
    await output(["umount", dataFolder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const manner = { random: randomOf("faults"), pause: 0 };
  const push = (image: Image, tag: string) => client.push("n/b", tag, image, manner);
  const pulled = async (tag: string) => (await client.pull("n/b", tag)).digest;
  for (const [number, image] of kept.entries()) await push(image, `kept-${number}`);
  for (const [number, image] of deleted.entries()) await push(image, `deleted-${number}`);
  for (const image of deleted) await client.remove("n/b", image.digest);
  await sleep(4000); // What is to go must be older than the grace, and the disk's clock is taken to be behind.
  return {
    dataFolder,
    client,
    push,
    keeperOf: (name, more = {}) =>
      makeKeeper(join(folder, name), {
        dataFolder,
        controlFolder: join(folder, name, "control"),
        ...{ graceSeconds: 1, settleSeconds: 0.3, undoSeconds: 1, minimumTrashSeconds: 1, uploadSeconds: 60 },
        retention: [],
        ...more,
      }),
    async nothingIsLost() {
      for (const [number, image] of kept.entries())
        assert.equal(await pulled(`kept-${number}`), image.digest);
    },
    async someAreThereAgain(count) {
      for (const [number, image] of deleted.slice(0, count).entries())
        assert.equal(await pulled(`again-${number}`), image.digest);
    },
    isThere: ({ digest }) => existsSync(dataOf(dataFolder, digest)),
  };
}

const dataOf = (dataFolder: string, digest: string) =>
  join(dataFolder, "docker/registry/v2/blobs/sha256", digest.slice(7, 9), digest.slice(7), "data");

const failing = async (keeper: Keeper, under: readonly string[] = []): Promise<string> =>
  collectOnce(keeper, under).then(
    () => assert.fail("the collection succeeded"),
    (error) => String(error),
  );

const statusOf = (keeper: Keeper) =>
  JSON.parse(readFileSync(join(keeper.settings.controlFolder, "state/status.json"), "utf8"));

// They wait more than they work.
describe("a collection on a machine where something is wrong", { concurrency: 4 }, () => {
  for (const shift of ["-400d", "+400d"])
    it(`judges by the clock of the disk where the keeper's own is ${shift} away`, async (test) => {
      const { keeperOf, nothingIsLost, isThere } = await makeMachine(test);
      const careful = keeperOf("careful", { graceSeconds: 3600 });
      for (let run = 0; run < 2; run++) await collectOnce(careful, ["faketime", "-f", shift]);
      assert.ok(deleted.every(isThere), "nothing was unneeded for an hour");
      const keeper = keeperOf("keeper");
      await collectOnce(keeper, ["faketime", "-f", shift]);
      for (const each of [careful, keeper]) {
        assert.match(
          statusOf(each).problem,
          /^the clock of the keeper says .* and that of the disk of the images .*: set/,
        );
        assert.equal(statusOf(each).runs.collection.ok, true);
      }
      await sleep(3500);
      await collectOnce(keeper);
      assert.ok(!deleted.some(isThere));
      await nothingIsLost();
      assert.equal(statusOf(keeper).runs.collection.ok, true);
      assert.equal(statusOf(keeper).problem, undefined);
    });

  it("takes nothing from a disk that is full, says so, and goes on when there is room", async (test) => {
    const { dataFolder, keeperOf, nothingIsLost, isThere } = await makeMachine(test);
    const keeper = keeperOf("keeper");
    await collectOnce(keeper);
    await sleep(3500);
    const ballast = join(dataFolder, "ballast");
    await output(["dd", "if=/dev/zero", `of=${ballast}`, "bs=4k"]).catch(() => {});
    assert.match(await failing(keeper), /ENOSPC/);
    assert.match(statusOf(keeper).problem, /^the collection stopped: ENOSPC/);
    await nothingIsLost();
    rmSync(ballast);
    for (let run = 0; run < 2; run++) {
      await collectOnce(keeper);
      await sleep(3500);
    }
    assert.ok(!deleted.some(isThere));
    await nothingIsLost();
  });

  it("takes nothing from a disk that is read-only", async (test) => {
    const { dataFolder, keeperOf, nothingIsLost, isThere } = await makeMachine(test);
    const keeper = keeperOf("keeper");
    await collectOnce(keeper);
    await sleep(3500);
    await output(["mount", "-o", "remount,ro", dataFolder]);
    try {
      assert.match(await failing(keeper), /EROFS/);
      assert.match(statusOf(keeper).problem, /^the collection stopped: EROFS/);
      await nothingIsLost();
    } finally {
      await output(["mount", "-o", "remount,rw", dataFolder]);
    }
    await collectOnce(keeper);
    assert.ok(!deleted.some(isThere));
    await nothingIsLost();
  });

  it("begins anew after it was gone between two steps, and gives back first what is needed by then", async (test) => {
    const { keeperOf, push, nothingIsLost, someAreThereAgain, isThere } = await makeMachine(test);
    const keeper = keeperOf("keeper", { undoSeconds: 86_400, minimumTrashSeconds: 3600 });
    await collectOnce(keeper);
    await sleep(3500);
    for (const step of ["mark", "take-links", "look", "take-blobs"])
      assert.equal((await keeper.step(step).done).status, 0);
    assert.ok(!deleted.some(isThere));
    for (const [number, image] of deleted.slice(0, 5).entries()) await push(image, `again-${number}`);
    await sleep(1000);
    const { status, stderr } = await keeper.step("look").done;
    assert.equal(status, 0, stderr);
    await collectOnce(keeper);
    await someAreThereAgain(5);
    assert.equal(statusOf(keeper).runs.collection.ok, true);
    await nothingIsLost();
    // As `npm run status` shows it to whoever looks after another day without a run.
    const aDayLater = new Date(Date.now() + 30 * 3_600_000);
    assert.match(
      collectionLine(`\n${JSON.stringify(statusOf(keeper))}`, aDayLater),
      /, NONE FOR (29|30) HOURS: took/,
    );
  });

  it("goes on after it was killed in the midst of each step, at many moments", async (test) => {
    const { keeperOf, push, nothingIsLost, someAreThereAgain, isThere } = await makeMachine(test);
    const keeper = keeperOf("keeper");
    // How long each step takes: at first, and where one was over before it was killed, as the machine had less to do.
    const times = new Map<string, number>();
    for (const step of collectionSteps) {
      const began = Date.now();
      if (step === "settle") await sleep(keeper.settings.settleSeconds * 1000);
      else await succeed(keeper, step);
      times.set(step, Date.now() - began);
    }
    await sleep(3500);
    let killed = 0;
    for (const [number, image] of deleted.slice(0, 6).entries()) {
      for (const step of collectionSteps.filter((name) => name !== "settle")) {
        const { child, done } = keeper.step(step);
        // Half of it is the start of Node.
        const began = Date.now();
        const timer = setTimeout(() => child.kill("SIGKILL"), (times.get(step) ?? 0) * (0.5 + number / 12));
        await done;
        clearTimeout(timer);
        if (child.signalCode === "SIGKILL") killed += 1;
        else times.set(step, Date.now() - began);
      }
      await push(image, `again-${number}`);
      await someAreThereAgain(number + 1);
    }
    test.diagnostic(`${killed} of 36 steps killed`);
    assert.ok(killed > 10, `${killed} of 36 steps killed`);
    for (let run = 0; run < 2; run++) {
      await collectOnce(keeper);
      await sleep(3500);
    }
    assert.equal(statusOf(keeper).runs.collection.ok, true);
    assert.ok(!deleted.slice(6).some(isThere));
    await someAreThereAgain(6);
    await nothingIsLost();
  });

  it("loses nothing to a second keeper on the same data, neither of them fails, and each says that there is another", async (test) => {
    const { dataFolder, keeperOf, push, nothingIsLost, someAreThereAgain, isThere } = await makeMachine(test);
    const [one, other] = [keeperOf("one"), keeperOf("other")];
    // As the keeper's shell does it: the lock lies beside the data.
    const lock = ["flock", join(dataFolder, ".trash/step.lock")];
    const run = async (keeper: Keeper) => {
      for (let number = 0; number < 4; number++) {
        await collectOnce(keeper, lock);
        await sleep(1500);
      }
    };
    const both = Promise.all([run(one), run(other)]);
    both.catch(() => {}); // It is awaited below.
    for (const [number, image] of deleted.slice(0, 5).entries()) {
      await sleep(1500);
      await push(image, `again-${number}`);
    }
    await both;
    for (const keeper of [one, other]) {
      await collectOnce(keeper, lock);
      assert.match(statusOf(keeper).problem, /^another keeper works on the same images/);
    }
    for (let number = 0; number < 2; number++) await collectOnce(one);
    await someAreThereAgain(5);
    assert.ok(!deleted.slice(5).some(isThere));
    assert.equal(statusOf(one).problem, undefined);
    await nothingIsLost();
  });

  it("says in its status what it cannot read, and takes nothing", async (test) => {
    const { dataFolder, keeperOf, nothingIsLost, isThere } = await makeMachine(test);
    const keeper = keeperOf("keeper");
    await collectOnce(keeper);
    await sleep(3500);
    const [damaged] = kept;
    assert.ok(damaged);
    const data = dataOf(dataFolder, damaged.digest);
    writeFileSync(data, "no manifest");
    assert.match(await failing(keeper), /is not JSON/);
    assert.match(statusOf(keeper).problem, /^the collection stopped: .* is not JSON/);
    assert.ok(deleted.every(isThere));
    writeFileSync(data, damaged.content);
    await collectOnce(keeper);
    assert.equal(statusOf(keeper).problem, undefined);
    await nothingIsLost();
    assert.ok(readdirSync(join(dataFolder, ".trash")).length > 0);
  });
});
