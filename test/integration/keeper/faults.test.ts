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
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../../../components/keeper/program/settings";
import { output } from "../../../tools/shell";
import { type Image, imageOf, layerOf } from "../../support/keeperStress/images";
import { collectOnce, type Keeper, makeKeeper } from "../../support/keeperStress/keeperProcess";
import { type PlainClient, plainClient } from "../../support/keeperStress/plainClient";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const port = 18723;
const shared = layerOf("shared");
const manner = { random: randomOf("faults"), pause: 0 };
const kept = Array.from({ length: 10 }, (_, number) =>
  imageOf([shared, layerOf(`kept-${number}`)], `k${number}`),
);
const deleted = Array.from({ length: 10 }, (_, number) =>
  imageOf([shared, layerOf(`deleted-${number}`)], `d${number}`),
);

describe("a collection on a machine where something is wrong", () => {
  let folder: string;
  let dataFolder: string;
  let registry: RegistryProcess;
  let client: PlainClient;
  let mounted: boolean;

  const keeperOf = (name: string, more: Partial<Settings> = {}): Keeper =>
    makeKeeper(join(folder, name), {
      dataFolder,
      controlFolder: join(folder, name, "control"),
      ...{ graceSeconds: 1, settleSeconds: 0.3, undoSeconds: 1, minimumTrashSeconds: 1, uploadSeconds: 60 },
      retention: [],
      ...more,
    });

  const push = (image: Image, tag: string) => client.push("n/b", tag, image, manner);

  /** The data is a disk of its own, so that it can be full or read-only. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-faults-"));
    dataFolder = join(folder, "data");
    mkdirSync(dataFolder);
    await output(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dataFolder]);
    mounted = true;
    registry = await startRegistry({ dataFolder, listen: `127.0.0.1:${port}` });
    client = plainClient("127.0.0.1", port);
    for (const [number, image] of kept.entries()) await push(image, `kept-${number}`);
    for (const [number, image] of deleted.entries()) await push(image, `deleted-${number}`);
    for (const image of deleted) await client.remove("n/b", image.digest);
    await sleep(4000); // What is to go must be older than the grace, and the disk's clock is taken to be behind.
  });

  afterEach(async () => {
    client.close();
    await registry.stop();
    if (mounted) await output(["umount", dataFolder]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function nothingIsLost(): Promise<void> {
    for (const [number, image] of kept.entries())
      assert.equal((await client.pull("n/b", `kept-${number}`)).digest, image.digest);
  }

  const isThere = ({ digest }: Image) =>
    existsSync(
      join(dataFolder, "docker/registry/v2/blobs/sha256", digest.slice(7, 9), digest.slice(7), "data"),
    );

  const failing = async (keeper: Keeper, under: readonly string[] = []): Promise<string> =>
    collectOnce(keeper, under).then(
      () => assert.fail("the collection succeeded"),
      (error) => String(error),
    );

  const statusOf = (keeper: Keeper) =>
    JSON.parse(readFileSync(join(keeper.settings.controlFolder, "state/status.json"), "utf8"));

  for (const shift of ["-400d", "+400d"])
    it(`judges by the clock of the disk where the keeper's own is ${shift} away`, async () => {
      const careful = keeperOf("careful", { graceSeconds: 3600 });
      for (let run = 0; run < 2; run++) await collectOnce(careful, ["faketime", "-f", shift]);
      assert.ok(deleted.every(isThere), "nothing was unneeded for an hour");
      const keeper = keeperOf("keeper");
      await collectOnce(keeper, ["faketime", "-f", shift]);
      await sleep(3500);
      await collectOnce(keeper);
      assert.ok(!deleted.some(isThere));
      await nothingIsLost();
    });

  it("takes nothing from a disk that is full, says so, and goes on when there is room", async () => {
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

  it("takes nothing from a disk that is read-only", async () => {
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

  it("begins anew after it was killed, and gives back first what is needed by then", async () => {
    const keeper = keeperOf("keeper", { undoSeconds: 86_400, minimumTrashSeconds: 3600 });
    await collectOnce(keeper);
    await sleep(3500);
    // Each process of its own, so what is killed between two of them leaves what this leaves.
    for (const step of ["mark", "take-links", "look", "take-blobs"])
      assert.equal((await keeper.step(step).done).status, 0);
    assert.ok(!deleted.some(isThere));
    for (const [number, image] of deleted.slice(0, 5).entries()) await push(image, `again-${number}`);
    await sleep(1000);
    const { status, stderr } = await keeper.step("look").done;
    assert.equal(status, 0, stderr);
    await collectOnce(keeper);
    for (const [number, image] of deleted.slice(0, 5).entries())
      assert.equal((await client.pull("n/b", `again-${number}`)).digest, image.digest);
    assert.equal(statusOf(keeper).runs.collection.ok, true);
    await nothingIsLost();
  });

  it("loses nothing to a second keeper on the same data at the same time", async () => {
    const [one, other] = [keeperOf("one"), keeperOf("other")];
    const run = async (keeper: Keeper) => {
      for (let number = 0; number < 4; number++) {
        await collectOnce(keeper).catch(() => {});
        await sleep(1500);
      }
    };
    const both = Promise.all([run(one), run(other)]);
    for (const [number, image] of deleted.slice(0, 5).entries()) {
      await sleep(1500);
      await push(image, `again-${number}`);
    }
    await both;
    for (let number = 0; number < 2; number++) await collectOnce(one);
    for (const [number, image] of deleted.slice(0, 5).entries())
      assert.equal((await client.pull("n/b", `again-${number}`)).digest, image.digest);
    await nothingIsLost();
  });

  it("says in its status what it cannot read, and takes nothing", async () => {
    const keeper = keeperOf("keeper");
    await collectOnce(keeper);
    await sleep(3500);
    const [damaged] = kept;
    assert.ok(damaged);
    const data = join(
      dataFolder,
      "docker/registry/v2/blobs/sha256",
      damaged.digest.slice(7, 9),
      damaged.digest.slice(7),
      "data",
    );
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
