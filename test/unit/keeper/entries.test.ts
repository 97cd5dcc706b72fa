import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Unreadable } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import {
  blobData,
  blobFolder,
  layersFolder,
  manifestFolder,
  revisionLink,
  revisionsFolder,
  tagsFolder,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { askKeeper } from "../../support/askKeeper";
import { digestOf, inRegistryTree, type RegistryTree } from "../../support/registryTree";

const usual = { graceSeconds: -10, settleSeconds: 0, undoSeconds: 3600 };

function collect({ context }: RegistryTree): void {
  for (const job of ["mark", "take-links", "look", "take-blobs", "look", "finish"]) runJob(context, job);
}

describe("a plain file among the registry's folders", () => {
  test("by a name that the registry gives to nothing is passed over, by a collection and by all others", () => {
    inRegistryTree((tree) => {
      const { repositories, blobs } = tree.layout;
      const { digest } = tree.image("n", { tag: "v1", layers: ["kept"] });
      const spare = tree.blob("spare");
      const strays = [
        ...[`${repositories}/README`, `${repositories}/n/.DS_Store`, `${repositories}/n/_uploads/x`],
        ...[`${tagsFolder(tree.layout, "n")}/.nfs01`, `${tagsFolder(tree.layout, "n")}/v2 (copy)`],
        ...[`${layersFolder(tree.layout, "n")}/x`, `${revisionsFolder(tree.layout, "n")}/sha256/lost`],
        ...[`${blobs}/lost`, `${blobs}/sha256/lost`, `${blobs}/sha256/00/lost`],
      ];
      for (const path of strays) tree.write(path, "x");
      for (let night = 0; night < 2; night++) collect(tree);
      assert.ok(nodeDisk.stat(blobData(tree.layout, digest)));
      assert.equal(nodeDisk.stat(blobFolder(tree.layout, spare)), undefined);
      for (const path of strays) assert.ok(nodeDisk.stat(path), path);
      for (const job of ["index", "tidy", "space", "quotas", "retention", "backup-list"])
        runJob(tree.context, job);
      assert.match(askKeeper(tree, "list").text, /^n +1 /m);
      assert.match(askKeeper(tree, "verify").text, /whole/);
      for (const verb of ["report", "retention"] as const) askKeeper(tree, verb);
      for (const verb of ["tags", "show"] as const) askKeeper(tree, verb, verb === "tags" ? "n" : "n:v1");
    }, usual);
  });

  const places: readonly [what: string, path: (tree: RegistryTree) => string][] = [
    ["a repository", ({ layout }) => `${layout.repositories}/n`],
    ["a part of a repository's name", ({ layout }) => `${layout.repositories}/a`],
    ["a repository's layers", ({ layout }) => layersFolder(layout, "n")],
    ["a repository's manifests", ({ layout }) => `${layout.repositories}/n/_manifests`],
    ["an algorithm", ({ layout }) => `${revisionsFolder(layout, "n")}/sha256`],
    ["a manifest", ({ layout }) => manifestFolder(layout, "n", untagged)],
    ["a tag", ({ layout }) => `${tagsFolder(layout, "n")}/v1`],
    ["the link of a tag", ({ layout }) => `${tagsFolder(layout, "n")}/v1/current`],
    ["the blob of a manifest", ({ layout }) => blobFolder(layout, untagged)],
    ["blobs", ({ layout }) => `${layout.blobs}/sha256/${untagged.slice(7, 9)}`],
  ];
  let untagged = "";
  for (const [what, pathOf] of places)
    test(`in the place of ${what} stops the run, so that nothing goes that it may have needed`, () => {
      inRegistryTree((tree) => {
        tree.image("n", { tag: "v1", layers: ["of a tag"] });
        tree.image("a/b", { tag: "v1", layers: ["of another"] });
        untagged = tree.image("n", { layers: ["of no tag"] }).digest;
        const spare = tree.blob("spare");
        const path = pathOf(tree);
        const aside = `${tree.context.settings.dataFolder}/aside`;
        renameSync(path, aside);
        writeFileSync(path, "x");
        for (let night = 0; night < 3; night++) assert.throws(() => collect(tree), isTold);
        rmSync(path);
        renameSync(aside, path);
        assert.ok(nodeDisk.stat(blobFolder(tree.layout, spare)));
        for (let night = 0; night < 2; night++) collect(tree);
        assert.equal(nodeDisk.stat(blobFolder(tree.layout, spare)), undefined);
        for (const layer of ["of a tag", "of another", "of no tag"])
          assert.ok(nodeDisk.stat(blobData(tree.layout, digestOf(layer))), layer);
        assert.ok(nodeDisk.stat(revisionLink(tree.layout, "n", untagged)));
      }, usual);
    });

  const isTold = (error: unknown) => {
    assert.ok(error instanceof Unreadable, String(error));
    assert.match(
      error.message,
      /a plain file lies where the registry has folders, in \/.*; put back .* or move/,
    );
    return true;
  };
});
