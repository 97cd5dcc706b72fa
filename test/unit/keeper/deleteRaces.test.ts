import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deleteReference } from "../../../components/keeper/program/delete";
import type { Disk } from "../../../components/keeper/program/disk";
import { Refusal } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import { manifestFolder, revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { askKeeper } from "../../support/askKeeper";
import { countedDisk } from "../../support/keeper/countedDisk";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, push } from "../../support/keeper/modelImages";
import { layout, putManifest } from "../../support/keeper/registryClient";
import { digestOf, inRegistryTree } from "../../support/registryTree";

describe("delete --digest", () => {
  const at = (registry: MemoryRegistry, tag: string, disk: Disk = registry.disk): string => {
    try {
      deleteReference(
        { ...registry.context, disk },
        {
          verb: "delete",
          user: "u",
          repository: "n",
          tag,
          flags: ["digest"],
        },
      );
      return "deleted";
    } catch (error) {
      return error instanceof Refusal ? error.message : assert.fail(String(error));
    }
  };

  const longAgo = (): MemoryRegistry => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"));
    registry.wait(24);
    return registry;
  };

  test("takes nothing from a push that stands between any two of its steps, and is let on when it has ended", () => {
    const again = putManifest("n", image, "new");
    let refused = 0;
    for (let step = 0; step <= again.operations.length; step++) {
      const registry = longAgo();
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

  test("takes nothing from a push that begins before any of its own steps, and ends after it", () => {
    const { operations } = putManifest("n", image, "new");
    const deleteWhile = (registry: MemoryRegistry, act: (step: number) => void) =>
      at(registry, "v", countedDisk(registry.disk, act));
    let steps = 0;
    deleteWhile(longAgo(), (step) => {
      steps = step + 1;
    });
    for (let done = 1; done < operations.length; done++) {
      for (let before = 0; before < steps; before++) {
        const registry = longAgo();
        const answer = deleteWhile(registry, (step) => {
          if (step !== before) return;
          registry.ask({ name: "its beginning", operations: operations.slice(0, done) });
        });
        registry.ask({ name: "its end", operations: operations.slice(done) });
        const found = presentOf(registry, "n", image);
        assert.equal(found, whole, `${done} steps of it before step ${before}: ${answer}`);
      }
    }
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

  test("makes no folder for a child of an index that was never there, which would be missed then", () => {
    inRegistryTree((tree) => {
      const [here, gone] = [tree.image("n"), tree.image("n", { platform: "linux/arm64", tag: "gone" })];
      const absent = { ...here, digest: digestOf("never pushed") };
      tree.index("n", [here, absent], "v1");
      askKeeper(tree, "delete", "n:gone", "digest");
      assert.equal(nodeDisk.stat(revisionLink(tree.layout, "n", gone.digest)), undefined);
      runJob(tree.context, "index");
      assert.equal(nodeDisk.stat(manifestFolder(tree.layout, "n", absent.digest)), undefined);
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
