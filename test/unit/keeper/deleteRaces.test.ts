import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deleteReference } from "../../../components/keeper/program/delete";
import { Refusal } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import { revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { askKeeper } from "../../support/askKeeper";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, push } from "../../support/keeper/modelImages";
import { layout, putManifest } from "../../support/keeper/registryClient";
import { inRegistryTree } from "../../support/registryTree";

describe("delete --digest", () => {
  const at = (registry: MemoryRegistry, tag: string): string => {
    try {
      deleteReference(registry.context, {
        verb: "delete",
        user: "u",
        repository: "n",
        tag,
        flags: ["digest"],
      });
      return "deleted";
    } catch (error) {
      return error instanceof Refusal ? error.message : assert.fail(String(error));
    }
  };

  test("takes nothing from a push that stands between any two of its steps, and is let on when it has ended", () => {
    const again = putManifest("n", image, "new");
    let refused = 0;
    for (let step = 0; step <= again.operations.length; step++) {
      const registry = memoryRegistry();
      registry.ask(...push("n", "v"));
      registry.wait(24);
      if (step > 0) registry.ask({ name: "its beginning", operations: again.operations.slice(0, step) });
      const answer = at(registry, "v");
      if (answer !== "deleted") {
        refused += 1;
        assert.match(
          answer,
          /^n:v stays: sha256:1{12} was pushed or restored just now, .* ask again in 15 minutes$/,
        );
        assert.ok(registry.disk.has(tagLink(layout, "n", "v")));
      } else if (step === again.operations.length) continue;
      registry.ask({ name: "its end", operations: again.operations.slice(step) });
      assert.equal(presentOf(registry, "n", image), whole, `after ${step} steps: ${answer}`);
      assert.equal(at(registry, "new"), "deleted");
    }
    assert.equal(refused, 2, "after the revision, and after the history of the tag");
  });
});

describe("the hourly index", () => {
  test("gives back the children of an index that was pushed while they were deleted with another", () => {
    inRegistryTree((tree) => {
      const child = tree.image("n");
      tree.index("n", [child], "v1");
      const link = revisionLink(tree.layout, "n", child.digest);
      assert.match(askKeeper(tree, "delete", "n:v1", "digest").text, /^With it went 1 manifest/m);
      assert.equal(nodeDisk.stat(link), undefined);
      // The registry has asked for the child before.
      tree.index("n", [child, child], "v2");
      runJob(tree.context, "index");
      assert.ok(nodeDisk.stat(link));
      assert.match(askKeeper(tree, "verify").text, /^whole: 1 tag/);
    });
  });

  test("gives back nothing that is deleted and that nothing needs", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      tree.image("n", { tag: "v2", layers: ["another"] });
      askKeeper(tree, "delete", "n:v1", "digest");
      runJob(tree.context, "index");
      assert.equal(nodeDisk.stat(revisionLink(tree.layout, "n", digest)), undefined);
      assert.equal(nodeDisk.stat(tagLink(tree.layout, "n", "v1")), undefined);
    });
  });
});
