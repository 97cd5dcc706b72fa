import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DescriptorCache } from "../../../components/registry/args";
import { imageOf, layerOf } from "../../support/keeperStress/images";
import { collectOnce, makeKeeper } from "../../support/keeperStress/keeperProcess";
import { plainClient } from "../../support/keeperStress/plainClient";
import { startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const image = imageOf([layerOf("cached")], "cached");
const manner = { random: randomOf("cache"), pause: 0 };

/** Pushes an image, deletes it, lets the keeper collect and purge it, pushes it again; then pulls it. */
async function pushedAgain(cache: DescriptorCache, port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-cache-"));
  const dataFolder = join(folder, "data");
  const registry = await startRegistry({ dataFolder, cache, listen: `127.0.0.1:${port}` });
  const client = plainClient("127.0.0.1", port);
  const keeper = makeKeeper(folder, {
    dataFolder,
    controlFolder: join(folder, "control"),
    ...{ graceSeconds: 0, settleSeconds: 0, undoSeconds: 0, minimumTrashSeconds: 0, uploadSeconds: 60 },
    retention: [],
  });
  try {
    await client.push("n", "1", image, manner);
    await client.pull("n", "1");
    await client.remove("n", image.digest);
    await sleep(2500); // The disk's clock is taken to be two seconds behind.
    for (let run = 0; run < 2; run++) await collectOnce(keeper);
    await sleep(2500);
    await collectOnce(keeper);
    await client.push("n", "1", image, manner);
    const { status } = await client.ask("HEAD", `/v2/n/blobs/${image.blobs[1]?.digest}`);
    assert.equal(status, 200);
    await client.pull("n", "1");
  } finally {
    client.close();
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("an image that is pushed again after the keeper has collected it", () => {
  it("is whole, because the registry asks the disk what there is", async () => {
    await pushedAgain(DescriptorCache.None, 18722);
  });

  it("would have an empty layer with a descriptor cache, which the keeper is therefore refused with", async () => {
    // The push is answered with 201; then the layer comes with its length and without its bytes.
    await assert.rejects(pushedAgain(DescriptorCache.InMemory, 18722), /aborted/);
  });
});
