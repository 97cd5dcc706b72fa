import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deleteReference } from "../../../components/keeper/program/delete";
import { Refusal } from "../../../components/keeper/program/job";
import { tagLink } from "../../../components/keeper/program/layout";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, push } from "../../support/keeper/modelImages";
import { layout, putManifest } from "../../support/keeper/registryClient";

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
        assert.match(answer, /^n:v stays: sha256:1{12} was pushed just now, .* ask again in 15 minutes$/);
        assert.ok(registry.disk.has(tagLink(layout, "n", "v")));
      } else if (step === again.operations.length) continue;
      registry.ask({ name: "its end", operations: again.operations.slice(step) });
      assert.equal(presentOf(registry, "n", image), whole, `after ${step} steps: ${answer}`);
      assert.equal(at(registry, "new"), "deleted");
    }
    assert.equal(refused, 2, "after the revision, and after the history of the tag");
  });
});
