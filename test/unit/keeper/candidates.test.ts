import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, other, push, signature, signatureTag } from "../../support/keeper/modelImages";
import { deleteManifest, putBlob, putManifest } from "../../support/keeper/registryClient";

describe("a signature that is pushed again while its subject is gone", () => {
  test("keeps its layer as long as its manifest, and comes back whole", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.wait(23);
    registry.ask(putManifest("n", signature, signatureTag));
    registry.collect(2);
    assert.equal(presentOf(registry, "n", signature), whole);
    registry.collect(2);
    registry.ask(...push("n", "v"));
    registry.collect(2);
    assert.equal(presentOf(registry, "n", signature), whole);
  });

  test("goes when its manifest may go", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.wait(23);
    registry.ask(putManifest("n", signature, signatureTag));
    for (const hours of [2, 25, 25]) registry.collect(hours);
    assert.equal(presentOf(registry, "n", signature), "");
  });
});
