import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { makeLedger } from "../../support/keeperStress/ledger";
import { askBoth } from "../../support/keeperStress/oracle";
import { plainClient } from "../../support/keeperStress/plainClient";
import { makeTally } from "../../support/keeperStress/tally";
import { populate, type World, work } from "../../support/keeperStress/traffic";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";

const [host, port] = ["127.0.0.1", 18721];
const minus = (all: ReadonlySet<string>, some: ReadonlySet<string>) =>
  [...all].filter((each) => !some.has(each));

describe("what the keeper would take, against the registry's own collector on the same instant's data,", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-oracle-"));
  const client = plainClient(host, port);
  const world: World = { seed: "1", client, ledger: makeLedger(), tally: makeTally(), isOver: false };
  let registry: RegistryProcess;
  let workers: Promise<unknown>;

  before(async () => {
    registry = await startRegistry({ dataFolder: join(folder, "data"), listen: `${host}:${port}` });
    await populate(world, 120);
    workers = Promise.all([0, 1, 2].map((worker) => work(world, worker)));
    workers.catch(() => {}); // It is awaited at the end.
    await sleep(5000);
  });

  after(async () => {
    world.isOver = true;
    await workers;
    client.close();
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is nothing that the registry would keep, at several instants", async (test) => {
    for (let instant = 0; instant < 3; instant++) {
      const found = await askBoth(registry, join(folder, "instant"), true);
      const { keeper, registry: own, registryUntagged, manifests } = found;
      test.diagnostic(
        `keeper ${keeper.size}, registry ${own.size}, with untagged manifests ${registryUntagged.size}`,
      );
      assert.ok(keeper.size > 5, `${keeper.size} blobs`);
      assert.deepEqual(minus(keeper, own), []);
      assert.deepEqual(minus(keeper, registryUntagged), []);
      const kept = minus(registryUntagged, keeper);
      assert.deepEqual(
        kept.filter((digest) => !manifests.has(digest)),
        [],
        "only what a manifest that is kept needs",
      );
      await sleep(2000);
    }
  });

  it("is the same where manifests without a tag are not kept, but for what is about others", async () => {
    const found = await askBoth(registry, join(folder, "instant"), false);
    const { keeper, registryUntagged, referrers } = found;
    assert.deepEqual(minus(keeper, registryUntagged), []);
    const kept = minus(registryUntagged, keeper);
    assert.deepEqual(
      kept.filter((digest) => !referrers.has(digest)),
      [],
    );
    assert.ok(registryUntagged.size > 2 * kept.length, `${registryUntagged.size} and ${kept.length} blobs`);
  });
});
