import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runJob } from "../../../components/keeper/program/jobs";
import { tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { checkPlace } from "../../../components/keeper/program/place";
import { readStatus } from "../../../components/keeper/program/status";
import { askKeeper } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree, registryTree } from "../../support/registryTree";

const rule = { repositories: ["**"], tags: ["*"], keepNewest: 0, maxTags: 0, keepTags: [] };

/** Nothing is taken by whatever would take something, and each says why; nothing is left of the attempts. */
function isRefused(tree: RegistryTree, why: RegExp): void {
  const { context, layout } = tree;
  for (let night = 0; night < 2; night++) {
    for (const job of ["retention", "mark"]) assert.throws(() => runJob(context, job), why);
    assert.throws(() => runJob(context, "take-links"), /begin it with "mark"/);
  }
  for (const reference of [["n:v1"], ["n:v1", "digest"]] as const)
    assert.throws(() => askKeeper(tree, "delete", ...reference), why);
  assert.throws(() => askKeeper(tree, "restore", "n:v2"), why);
  assert.match(readStatus(context).problem ?? "", why);
  assert.match(readStatus(context).problem ?? "", /the collection stopped: /);
  assert.ok(nodeDisk.stat(tagLink(layout, "n", "v1")));
  assert.deepEqual(readdirSync(layout.trash), []);
  assert.deepEqual(readdirSync(layout.root).sort(), ["blobs", "repositories"]);
}

describe("the keeper takes nothing, and says why,", () => {
  test("where the images and the trash lie on two file systems", () => {
    const near = mkdtempSync(join(tmpdir(), "keeper-place-"));
    const far = mkdtempSync("/dev/shm/keeper-place-");
    try {
      mkdirSync(join(near, "data"));
      symlinkSync(far, join(near, "data/docker"));
      const tree = registryTree(near, { retention: [rule] });
      tree.image("n", { tag: "v1" });
      isRefused(tree, /lie on two file systems.* mount the folder of the data as a whole/);
      // The blobs alone.
      rmSync(join(near, "data/docker"));
      mkdirSync(tree.layout.root, { recursive: true });
      symlinkSync(far, tree.layout.blobs);
      assert.throws(() => checkPlace(tree.context), /\/blobs and .* lie on two file systems/);
    } finally {
      for (const folder of [near, far]) rmSync(folder, { recursive: true });
    }
  });

  for (const [code, why] of [
    ["EPERM", /makes no hard links \(EPERM\).* such as ext4 or XFS/],
    ["ENOTSUP", /makes no hard links \(ENOTSUP\)/],
    ["EXDEV", /lie on two file systems/],
  ] as const)
    test(`where a link fails with ${code}`, () => {
      inRegistryTree(
        (tree) => {
          tree.image("n", { tag: "v1" });
          const disk = {
            ...nodeDisk,
            link(): never {
              throw Object.assign(new Error(`${code}: link`), { code });
            },
          };
          isRefused({ ...tree, context: { ...tree.context, disk } }, why);
        },
        { retention: [rule] },
      );
    });
});

describe("the look at the place", () => {
  test("is content with one file system that has links, and leaves nothing, also after one that was cut short", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1" });
      tree.write(`${tree.layout.root}/.keeper-place`, "");
      checkPlace(tree.context);
      assert.deepEqual(readdirSync(tree.layout.trash), []);
      assert.deepEqual(readdirSync(tree.layout.root).sort(), ["blobs", "repositories"]);
    });
  });

  test("asks nothing, and makes no folder, where nothing was ever pushed", () => {
    const folder = mkdtempSync(join(tmpdir(), "keeper-place-"));
    const { context } = registryTree(folder);
    rmSync(join(folder, "data"), { recursive: true });
    checkPlace(context);
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true });
  });
});
