import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { imageOf, layerOf } from "../../support/keeperStress/images";
import { collectOnce, makeKeeper } from "../../support/keeperStress/keeperProcess";
import { plainClient } from "../../support/keeperStress/plainClient";
import { startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const port = 18719;
const image = imageOf([layerOf("the only one")], "image");

describe("the registry's list of repositories", { timeout: 120_000 }, () => {
  it("has no repository whose last tag and manifest are gone after the next run, but those within it, and at once what is pushed anew", async (test) => {
    const folder = mkdtempSync(join(tmpdir(), "private-registry-catalog-"));
    const dataFolder = join(folder, "data");
    const registry = await startRegistry({ dataFolder, listen: `127.0.0.1:${port}` });
    const client = plainClient("127.0.0.1", port);
    test.after(async () => {
      client.close();
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const keeper = makeKeeper(join(folder, "keeper"), {
      dataFolder,
      controlFolder: join(folder, "keeper/control"),
      ...{ graceSeconds: 3600, settleSeconds: 0.2, undoSeconds: 3600, minimumTrashSeconds: 3600 },
      ...{ uploadSeconds: 3600, retention: [] },
    });
    const push = (repository: string, tag: string) =>
      client.push(repository, tag, image, { random: randomOf("catalog"), pause: 0 });
    const listed = async () =>
      JSON.parse(String((await client.ask("GET", "/v2/_catalog")).body)).repositories;
    /** The next run, once the folders are older than what may be under way; the disk's clock is taken to be behind. */
    const nextRun = async () => {
      await sleep(2500);
      await collectOnce(keeper);
    };

    for (const repository of ["n", "n/b", "n/b/c", "other"]) await push(repository, "v1");
    await push("n", "v2");
    assert.deepEqual(await listed(), ["n", "n/b", "n/b/c", "other"]);

    await client.remove("n", "v1");
    await nextRun();
    assert.deepEqual(await listed(), ["n", "n/b", "n/b/c", "other"], "it has a tag");

    await client.remove("n", "v2");
    await nextRun();
    assert.deepEqual(await listed(), ["n", "n/b", "n/b/c", "other"], "its manifest can be pulled by digest");

    await client.remove("n", image.digest);
    await client.remove("n/b", image.digest);
    assert.deepEqual(await listed(), ["n", "n/b", "n/b/c", "other"], "no run yet");
    await nextRun();
    assert.deepEqual(await listed(), ["n/b/c", "other"]);
    assert.equal((await client.pull("n/b/c", "v1")).digest, image.digest);

    await push("n", "new");
    assert.deepEqual(await listed(), ["n", "n/b/c", "other"]);
    await nextRun();
    assert.deepEqual(await listed(), ["n", "n/b/c", "other"]);
    for (const repository of ["n/b/c", "other"])
      assert.equal((await client.pull(repository, "v1")).digest, image.digest);
    assert.equal((await client.pull("n", "new")).digest, image.digest);
  });
});
