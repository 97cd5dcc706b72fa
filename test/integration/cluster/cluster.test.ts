import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { output, until } from "../../../tools/shell";
import { RegistryClient } from "../../support/client";
import { connectionProber, spreadProber } from "../../support/probers";
import { type Skopeo, skopeo } from "../../support/skopeo";
import { type ClusterStand, clusterStand, port, removeVolumes, user } from "../../support/swarm/clusterStand";
import { type Download, download, uploadInParts } from "../../support/swarm/uploads";

/** Bytes of a slice of a blob, as nginx fetches it. */
const slice = 8 * 1024 * 1024;

describe("a registry on three nodes of a swarm", () => {
  let stand: ClusterStand;
  let clients: readonly RegistryClient[];
  let images: readonly Skopeo[];

  before(async () => {
    stand = await clusterStand("test");
    const ca = await stand.up();
    clients = stand.machines.map(({ address }) => new RegistryClient(port, ca, address));
    images = stand.machines.map(({ address }) => skopeo(address, ca, user));
  });
  after(async () => {
    for (const each of images ?? []) each.remove();
    await stand?.remove();
  });

  // Two at a time where one is at what the cluster serves, and the other at what the engine says.
  describe("that nobody changes", { concurrency: 2 }, () => {
    it("gives each node what another has got, and a second run has nothing to do, after a refresh neither", async () => {
      const [first, second, third] = images;
      const digest = await first?.push("team/app:1", [3_000_000, 2000]);
      assert.equal(await second?.digest("team/app:1"), digest);
      assert.equal((await third?.pull("team/app:1"))?.status, 0);
      await stand.stack.expectNoChanges();
      await stand.stack.stack.preview({ refresh: true, expectNoChanges: true });
    });

    describe("and whose store has what is pushed", { concurrency: 1 }, () => {
      it("takes the parts of one upload on different nodes", async () => {
        const blob = randomBytes(12_000_000);
        const digest = await uploadInParts(clients, "team/parts", blob, 5_000_000, user);
        assert.equal(sha256((await fromFirst("team/parts", digest)).bytes), digest);
      });

      it("fetches each slice of a blob once for fifty clients at a time, and none for those that may not have it", async () => {
        const blob = randomBytes(2 * slice + 1234);
        const digest = await uploadInParts(clients, "team/large", blob, blob.length, user);
        const answers = await Promise.all(Array.from({ length: 50 }, () => fromFirst("team/large", digest)));
        assert.deepEqual(new Set(answers.map(({ bytes }) => sha256(bytes))), new Set([digest]));
        const [node = { address: "" }] = stand.machines;
        // The store writes its log some seconds later.
        await until(
          "the store has told of three",
          async () => stand.store.fetches(digest, node.address) >= 3,
        );
        const elsewhere = await clients[0]?.ask(`/v2/team/other/blobs/${digest}`, { user });
        assert.equal(elsewhere?.status, 404);
        assert.match(elsewhere?.body ?? "", /BLOB_UNKNOWN/);
        const rest = await fromFirst("team/large", digest, `bytes=${slice - 5}-`);
        assert.ok(rest.bytes.equals(blob.subarray(slice - 5)));
        await sleep(6000);
        assert.equal(stand.store.fetches(digest, node.address), 3);
      });

      it("takes a push again at once when one of a node's two registries is killed in the middle of it", async () => {
        const [machine] = stand.machines;
        const [client] = images;
        if (machine === undefined || client === undefined) throw new Error("no machine");
        const pushing = client.push("team/killed:1", [150_000_000, 1000]).catch(String);
        await sleep(700);
        await machine.docker("kill", await stand.containerOf(machine, "registry-a"));
        // What streams through the killed one cannot be sent again by nginx: a client is told so, and does it itself.
        const first = await pushing;
        if (!first.startsWith("sha256:")) assert.match(first, /50[23] /);
        const digest = await client.push("team/killed:1", [150_000_000, 1000]);
        assert.equal(await images[1]?.digest("team/killed:1"), digest);
        assert.equal((await images[1]?.pull("team/killed:1"))?.status, 0);
        await until("the killed one is back", async () => (await stand.tasks("registry-a")).length === 3, 60);
      });
    });
  });

  describe("whose images come and go while changes are refused", { concurrency: 2 }, () => {
    it("says what nginx refuses and how many nodes there are, before anything is touched", async () => {
      const before = await Promise.all(["registry-a", "proxy"].map(stand.tasks));
      stand.args = { proxySnippet: "add_headr X-Test 1;" };
      assert.match(await stand.stack.failingUp(), /unknown directive "add_headr"/);
      stand.args = { nodes: 4 };
      assert.match(await stand.stack.failingUp(), /nodes is 4, and Swarm has 3 that can take tasks/);
      assert.deepEqual(await Promise.all(["registry-a", "proxy"].map(stand.tasks)), before);
      stand.args = {};
      await stand.up();
      assert.deepEqual(await Promise.all(["registry-a", "proxy"].map(stand.tasks)), before);
      await stand.stack.expectNoChanges();
    });

    it("takes a deleted image again after a collection by the page's command", async () => {
      const [machine] = stand.machines;
      const [first, second, third] = images;
      if (machine === undefined || first === undefined || second === undefined) throw new Error("no machine");
      const digest = await first.push("team/again:1", [2_000_000, 1000]);
      const pushAgain = await first.keep("team/again:1");
      await first.delete("team/again:1");
      const collect = /^docker exec .*registry garbage-collect .*$/m.exec(
        readFileSync("docs/cluster.md", "utf8"),
      );
      assert.ok(collect);
      const told = await output(["sh", "-c", collect[0]], { env: { DOCKER_HOST: machine.dockerHost } });
      assert.match(told, / [1-9]\d* blobs and /);
      assert.equal(await pushAgain(), digest);
      assert.equal(await second.digest("team/again:1"), digest);
      assert.equal((await third?.pull("team/again:1"))?.status, 0);
      assert.equal((await third?.pull("team/app:1"))?.status, 0);
    });
  });

  it("takes another user, and a client that knows all nodes has no failure", async () => {
    const everywhere = spreadProber(stand.targets());
    const [target] = stand.targets();
    if (target === undefined) throw new Error("no target");
    const alone = connectionProber(target);
    stand.args = {
      users: [
        { name: "alice", password: user.slice("alice:".length) },
        { name: "bob", password: "a-password-of-bob" },
      ],
    };
    await stand.up();
    const [spread, single] = await Promise.all([everywhere.stop(), alone.stop()]);
    assert.deepEqual(spread.failures, []);
    assert.ok(spread.requests > 100 && single.failures.length < single.requests / 10);
    for (const client of clients)
      assert.equal((await client.ask("/v2/", { user: "bob:a-password-of-bob" })).status, 200);
  });

  it("leaves nothing on any node", async () => {
    await stand.stack.stack.destroy();
    for (const { dockerHost } of stand.machines)
      await output(["sh", "-c", removeVolumes("cluster-test")], { env: { DOCKER_HOST: dockerHost } });
    assert.deepEqual(await stand.leftovers(), []);
  });

  /** What the first node answers with. */
  async function fromFirst(repository: string, digest: string, range?: string): Promise<Download> {
    const [target] = stand.targets();
    if (target === undefined) throw new Error("there is no node");
    return download(target, repository, digest, range);
  }
});

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
