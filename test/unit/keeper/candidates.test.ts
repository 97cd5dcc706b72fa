import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, other, push, signature, signatureTag } from "../../support/keeper/modelImages";
import { deleteManifest, putBlob, putManifest } from "../../support/keeper/registryClient";

/** Its layer has waited for almost a grace by then. */
function pushedAgain(): MemoryRegistry {
  const registry = memoryRegistry();
  registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
  registry.ask(deleteManifest("n", image, ["v"]));
  registry.collect(100);
  registry.wait(23);
  registry.ask(putManifest("n", signature, signatureTag));
  return registry;
}

describe("a signature that is pushed again while its subject is gone", () => {
  test("keeps its layer as long as its manifest, and comes back whole", () => {
    const registry = pushedAgain();
    registry.collect(2);
    assert.equal(presentOf(registry, "n", signature), whole);
    registry.collect(2);
    registry.ask(...push("n", "v"));
    registry.collect(2);
    assert.equal(presentOf(registry, "n", signature), whole);
  });

  test("goes when its manifest may go", () => {
    const registry = pushedAgain();
    for (const hours of [2, 25, 25]) registry.collect(hours);
    assert.equal(presentOf(registry, "n", signature), "");
  });
});
