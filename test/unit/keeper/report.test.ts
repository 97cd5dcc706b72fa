import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noteRun } from "../../../components/keeper/program/status";
import { askKeeper } from "../../support/askKeeper";
import { inRegistryTree } from "../../support/registryTree";

const MiB = 1024 * 1024;

describe("report", () => {
  test("says that there is nothing yet", () => {
    inRegistryTree((tree) => {
      const { text, json } = askKeeper(tree, "report");
      assert.match(text, /^no repositories yet\n/);
      assert.match(text, /^nothing has run yet$/m);
      assert.match(text, /^ 0 B {2}in the trash$/m);
      assert.deepEqual(Object(json).disk, {
        blobs: 0,
        bytes: 0,
        taggedBytes: 0,
        untaggedBytes: 0,
        unreferencedBytes: 0,
      });
    });
  });

  test("tells what each repository has to itself, what it shares, and what its untagged manifests hold", () => {
    inRegistryTree((tree) => {
      const [shared, own, old] = [3, 2, 5].map((size) => String(size).repeat(size * MiB));
      assert.ok(shared && own && old);
      tree.image("n", { tag: "v1", layers: [shared, own] });
      tree.image("n", { layers: [shared, old] });
      tree.image("n/b", { tag: "v1", layers: [shared], platform: "linux/arm64" });
      const { text, json } = askKeeper(tree, "report");
      const [title, n, nested] = text.split("\n");
      assert.match(title ?? "", /^REPOSITORY {2}TAGS {2}UNTAGGED {6}SIZE +UNIQUE +SHARED {2}OF UNTAGGED$/);
      assert.match(n ?? "", /^n {14}1 {9}1 {2}10\.0 MiB {2}7\.0 MiB {2}3\.0 MiB {6}5\.0 MiB$/);
      assert.match(nested ?? "", /^n\/b {12}1 {9}0 {3}3\.0 MiB {4}\d+ B {2}3\.0 MiB {10}0 B$/);
      assert.match(text, /^ *5\.0 MiB {2}only in manifests without a tag: kept$/m);
      const { repositories, disk } = Object(json);
      const [{ bytes, uniqueBytes, sharedBytes }] = repositories;
      assert.equal(uniqueBytes + sharedBytes, bytes);
      assert.equal(disk.taggedBytes + disk.untaggedBytes + disk.unreferencedBytes, disk.bytes);
    });
  });

  test("counts what a tagged index reaches as tagged, and what signs or describes that", () => {
    inRegistryTree((tree) => {
      const child = tree.image("n", { layers: ["child"] });
      const signed = tree.index("n", [child], "v1");
      const signature = tree.image("n", { artifactType: "application/signature", subject: child });
      tree.image("n", { artifactType: "application/of-signature", subject: signature, layers: ["more"] });
      assert.deepEqual(untagged(tree), [0, 0]);
      askKeeper(tree, "delete", "n:v1");
      assert.equal(signed.mediaType.includes("index"), true);
      assert.deepEqual(untagged(tree), [4, Object(askKeeper(tree, "report").json).disk.bytes]);
    });

    function untagged(tree: Parameters<typeof askKeeper>[0]): [number, number] {
      const [one] = Object(askKeeper(tree, "report").json).repositories;
      return [one.untagged, one.untaggedBytes];
    }
  });

  test("counts the layers of a cache to its index, which mentions them itself", () => {
    inRegistryTree((tree) => {
      const layers = ["one", "two"].map((each) => tree.layer("n", each.repeat(MiB)));
      tree.index("n", layers, "cache");
      const { disk: tagged } = Object(askKeeper(tree, "report").json);
      assert.deepEqual([tagged.untaggedBytes, tagged.unreferencedBytes], [0, 0]);
      askKeeper(tree, "delete", "n:cache");
      const { disk } = Object(askKeeper(tree, "report").json);
      assert.deepEqual([disk.untaggedBytes, disk.unreferencedBytes], [disk.bytes, 0]);
    });
  });

  test("tells what no manifest mentions, what is in the trash and until when", () => {
    inRegistryTree((tree) => {
      tree.blob("x".repeat(2 * MiB));
      tree.image("n", { tag: "v1" });
      askKeeper(tree, "delete", "n:v1");
      const { text, json } = askKeeper(tree, "report");
      assert.match(
        text,
        /^ *2\.0 MiB {2}in no manifest: goes with a later collection, unless it is being pushed$/m,
      );
      assert.match(text, /^ +142 B {2}in the trash, the newest until \d{4}-\d\d-\d\dT\d\d:\d\dZ$/m);
      const [{ kind, user, repository, tag, things, bytes }] = Object(json).trash;
      assert.deepEqual([kind, user, repository, tag, things, bytes], ["delete", "alice", "n", "v1", 2, 142]);
    });
  });

  test("tells what the last runs did, what is wrong and when the next ones begin", () => {
    inRegistryTree(
      (tree) => {
        const ended = "2026-03-01T03:31:07.000Z";
        noteRun(tree.context, "collection", { ended, ok: true, summary: "took 5 blobs" });
        noteRun(tree.context, "retention", {
          ended,
          ok: false,
          summary: "stopped",
          problem: "the brake holds",
        });
        const { text } = askKeeper(tree, "report");
        assert.match(text, /^collection {3}2026-03-01T03:31Z {2}took 5 blobs$/m);
        assert.match(text, /^Next: 03:30 in Europe\/Berlin$/m);
        assert.match(text, /^problem: the brake holds$/m);
      },
      { collectAt: "03:30 in Europe/Berlin" },
    );
  });
});
