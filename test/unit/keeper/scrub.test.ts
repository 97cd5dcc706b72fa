import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { runJob } from "../../../components/keeper/program/jobs";
import { blobData, revisionLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { isolate, isolated } from "../../../components/keeper/program/quarantine";
import { readStatus } from "../../../components/keeper/program/status";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

/** Flips one bit of a blob, as a disk does: without a word, and with the same time. */
function flip({ layout }: RegistryTree, digest: string): void {
  const path = blobData(layout, digest);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

const nightly = { scrubDays: 1 };
const problemOf = ({ context }: RegistryTree) => readStatus(context).problem;
const summaryOf = ({ context }: RegistryTree) => readStatus(context).runs.scrub?.summary;

describe("the nightly reading of blobs", () => {
  test("leaves what is whole, and says how much it read", () => {
    inRegistryTree((tree) => {
      tree.image("team/app", { tag: "1", layers: ["one", "two"] });
      runJob(tree.context, "scrub");
      assert.match(summaryOf(tree) ?? "", /^all .* read since \d{4}-\d\d-\d\d, 0 blobs damaged$/);
      assert.equal(problemOf(tree), undefined);
      assert.equal(readStatus(tree.context).runs.quarantine, undefined);
    }, nightly);
  });

  test("takes a damaged layer away, and names it with the tags that it hits", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.layer("team/app", "shared");
      tree.image("team/app", { tag: "1", layers: ["shared"] });
      tree.image("team/app", { tag: "2", layers: ["shared", "more"] });
      tree.image("other", { tag: "3", layers: ["whole"] });
      flip(tree, digest);
      runJob(tree.context, "scrub");
      assert.ok(!existsSync(blobData(tree.layout, digest)));
      assert.deepEqual(isolated(nodeDisk, tree.layout), [digest]);
      assert.equal(
        problemOf(tree),
        `damaged on the disk, and given to nobody: ${digest} of team/app:1 and team/app:2. Push the images again, or take them from a backup: npm run images -- repair`,
      );
      assert.match(summaryOf(tree) ?? "", / 1 blob damaged$/);
    }, nightly);
  });

  test("takes a damaged manifest away, and one that only an index mentions", () => {
    inRegistryTree((tree) => {
      const alone = tree.image("n", { tag: "alone" });
      const child = tree.image("n", { platform: "linux/arm64" });
      tree.index("n", [child], "list");
      flip(tree, alone.digest);
      flip(tree, child.digest);
      runJob(tree.context, "scrub");
      assert.match(problemOf(tree) ?? "", new RegExp(`${alone.digest} of n:alone`));
      assert.match(problemOf(tree) ?? "", new RegExp(`${child.digest} of n:list`));
      assert.ok(existsSync(revisionLink(tree.layout, "n", alone.digest)));
    }, nightly);
  });

  for (const [name, options] of [
    ["a tag needs", { tag: "1" }],
    ["only a manifest without a tag needs", {}],
  ] as const)
    test(`puts back what the disk could not read for a while, and ${name}`, () => {
      inRegistryTree((tree) => {
        const { digest } = tree.layer("n", "one");
        tree.image("n", { ...options, layers: ["one"] });
        const data = blobData(tree.layout, digest);
        const before = statSync(data);
        // All that it reads is wrong, and right again after it has taken the blob away.
        const stat = nodeDisk.stat(data);
        assert.ok(stat && isolate(nodeDisk, tree.layout, digest, stat));
        runJob(tree.context, "quarantine");
        assert.deepEqual([statSync(data).ino, statSync(data).mtimeMs], [before.ino, before.mtimeMs]);
        assert.deepEqual(isolated(nodeDisk, tree.layout), []);
        assert.equal(problemOf(tree), undefined);
      }, nightly);
    });

  test("forgets what is right again, and what nothing needs any more", () => {
    inRegistryTree((tree) => {
      const one = tree.layer("n", "one");
      const two = tree.layer("n", "two");
      tree.image("n", { tag: "1", layers: ["one"] });
      tree.image("n", { tag: "2", layers: ["two"] });
      flip(tree, one.digest);
      flip(tree, two.digest);
      runJob(tree.context, "scrub");
      assert.equal(isolated(nodeDisk, tree.layout).length, 2);
      tree.blob("one");
      runJob(tree.context, "quarantine");
      assert.deepEqual(isolated(nodeDisk, tree.layout), [two.digest]);
      assert.doesNotMatch(problemOf(tree) ?? "", new RegExp(one.digest));
      nodeDisk.removeFile(`${tree.layout.repositories}/n/_manifests/tags/2/current/link`);
      runJob(tree.context, "quarantine");
      assert.deepEqual(isolated(nodeDisk, tree.layout), []);
      assert.equal(problemOf(tree), undefined);
      assert.equal(readStatus(tree.context).runs.quarantine?.summary, "nothing is damaged");
    }, nightly);
  });

  test("reads a share a night, in a round that it goes on with", () => {
    inRegistryTree(
      (tree) => {
        const digests = ["a", "b", "c", "d"].map((letter) => tree.blob(letter.repeat(10_000))).sort();
        const nights: number[] = [];
        for (let night = 0; night < 4; night++) {
          runJob(tree.context, "scrub");
          nights.push(
            JSON.parse(nodeDisk.read(`${tree.context.settings.controlFolder}/state/scrub.json`) ?? "").bytes,
          );
        }
        assert.deepEqual(nights, [20_000, 0, 20_000, 0]);
        assert.match(summaryOf(tree) ?? "", /^all 39\.1 KiB read/);
        assert.equal(digests.length, 4);
      },
      { scrubDays: 2 },
    );
  });

  test("begins anew where it is not known how far it was", () => {
    inRegistryTree((tree) => {
      tree.blob("x");
      for (const text of ["", "{", "null"]) {
        tree.write(`${tree.context.settings.controlFolder}/state/scrub.json`, text);
        runJob(tree.context, "scrub");
        assert.match(summaryOf(tree) ?? "", /^all 1 B read/, text);
      }
    }, nightly);
  });

  test("reads no faster than it is told", () => {
    inRegistryTree(
      (tree) => {
        tree.blob("x".repeat(300_000));
        const began = performance.now();
        runJob(tree.context, "scrub");
        const took = performance.now() - began;
        assert.ok(took > 290 && took < 3000, `${took} ms`);
      },
      { ...nightly, scrubBytesPerSecond: 1_000_000 },
    );
  });

  test("reads nothing where it is told to read none", () => {
    inRegistryTree((tree) => {
      const digest = tree.blob("x");
      flip(tree, digest);
      runJob(tree.context, "scrub");
      assert.ok(existsSync(blobData(tree.layout, digest)));
    });
  });

  test("does not take what was pushed anew since it was read", () => {
    inRegistryTree((tree) => {
      const digest = tree.blob("x");
      const path = blobData(tree.layout, digest);
      const seen = nodeDisk.stat(path);
      assert.ok(seen);
      writeFileSync(`${path}.new`, "x");
      renameSync(`${path}.new`, path);
      assert.equal(isolate(nodeDisk, tree.layout, digest, seen), false);
      assert.equal(statSync(path).size, 1);
      assert.equal(isolate(nodeDisk, tree.layout, digest, nodeDisk.stat(path) ?? seen), true);
      assert.equal(isolate(nodeDisk, tree.layout, digest, seen), false);
    });
  });
});
