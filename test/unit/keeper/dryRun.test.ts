import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unreadable } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import {
  blobData,
  blobFolder,
  layerLink,
  revisionLink,
  tagLink,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { askKeeper } from "../../support/askKeeper";
import { digestOf, inRegistryTree } from "../../support/registryTree";

const hour = 3600;

describe("collect --dry-run", () => {
  test("tells what a collection then takes, and changes nothing", () => {
    inRegistryTree(
      (tree) => {
        const { layout } = tree;
        const namesOf = (content: string) => ({
          links: [layerLink(layout, "n", digestOf(content))],
          blobs: [blobFolder(layout, digestOf(content))],
          bytes: content.length,
        });
        tree.image("n", { tag: "v1", layers: ["kept"] });
        tree.layer("n", "old");
        tree.age(layerLink(layout, "n", digestOf("old")), 2 * hour);
        tree.age(blobData(layout, digestOf("old")), 2 * hour);
        tree.layer("n", "young");
        const first = Object(askKeeper(tree, "collect", "", "dry-run").json);
        assert.deepEqual(first.goes, { links: [], blobs: [], bytes: 0 });
        assert.deepEqual([first.waits.links.length, first.waits.blobs.length, first.waits.bytes], [2, 2, 8]);
        assert.equal(nodeDisk.names(tree.context.settings.controlFolder), undefined);

        runJob(tree.context, "mark");
        const candidates = `${tree.context.settings.controlFolder}/state/candidates.json`;
        const earlier = (nodeDisk.read(candidates) ?? "").replace(
          /"since":(\d+)/g,
          (_, since) => `"since":${since - 2 * hour * 1000}`,
        );
        nodeDisk.write(candidates, earlier);
        const { text, json } = askKeeper(tree, "collect", "", "dry-run");
        assert.deepEqual(json, {
          goes: namesOf("old"),
          waits: namesOf("young"),
        });
        assert.equal(
          text,
          "A collection would take 1 blob (3 B) and 1 link.\nFor their grace it would leave 1 blob (5 B) and 1 link.\n",
        );
        assert.equal(nodeDisk.read(candidates), earlier);

        for (const step of ["mark", "take-links", "look", "take-blobs", "look", "finish"])
          runJob(tree.context, step);
        assert.equal(nodeDisk.stat(layerLink(layout, "n", digestOf("old"))), undefined);
        assert.equal(nodeDisk.stat(blobData(layout, digestOf("old"))), undefined);
        assert.ok(nodeDisk.stat(blobData(layout, digestOf("young"))));
      },
      { graceSeconds: hour },
    );
  });

  test("does not guess where something cannot be read", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      tree.write(revisionLink(tree.layout, "n", digest), "");
      assert.throws(() => askKeeper(tree, "collect", "", "dry-run"), Unreadable);
    });
  });
});

describe("retention for a person", () => {
  const rules = [{ repositories: ["**"], tags: ["**"], keepNewest: 1, maxTags: 1, keepTags: [] }];

  test("tells what would go, takes it when told to, and restore puts it back", () => {
    inRegistryTree(
      (tree) => {
        for (const [age, tag] of ["v3", "v2", "v1"].entries()) {
          tree.image("n", { tag, layers: [tag] });
          tree.age(tagLink(tree.layout, "n", tag), age * hour);
        }
        assert.match(
          askKeeper(tree, "report").text,
          /^Retention, if it ran now: .* of 3 tags .*2 tags would go/m,
        );
        assert.match(askKeeper(tree, "retention").text, /2 tags would go/);
        assert.match(askKeeper(tree, "tags", "n").text, /^v1 /m);
        assert.match(askKeeper(tree, "retention", "", "apply").text, /2 of 3 tags went into the trash/);
        assert.doesNotMatch(askKeeper(tree, "tags", "n").text, /^v[12] /m);
        assert.match(askKeeper(tree, "restore", "n:v1").text, /^From the trash, exactly as it was/m);
        assert.match(askKeeper(tree, "tags", "n").text, /^v1 /m);
      },
      { retention: rules },
    );
  });
});
