import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tagLink } from "../../../components/keeper/program/layout";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { another, image, index, other, push, signature } from "../../support/keeper/modelImages";
import {
  deleteTag,
  type Image,
  layout,
  putBlob,
  putManifest,
  type Request,
} from "../../support/keeper/registryClient";

/** The tag of what signs or describes an image. */
const about = ({ digest }: Image, end = "") => `${digest.replace(":", "-")}${end}`;

/** A registry in which many nights have gone by since the requests. */
function aged(untaggedSeconds: number | undefined, ...requests: readonly Request[]): MemoryRegistry {
  const registry = memoryRegistry(untaggedSeconds === undefined ? {} : { untaggedSeconds });
  registry.ask(...requests);
  for (let night = 0; night < 12; night++) registry.collect(25);
  return registry;
}

for (const untaggedSeconds of [undefined, 3600])
  describe(`where manifests without a tag ${untaggedSeconds === undefined ? "are kept" : "go"}, an image stays`, () => {
    for (const end of ["", ".sig", ".att", ".sbom"])
      test(`that has no tag but one named by its own digest, as programs write that copy by digest: ${end}`, () => {
        const registry = aged(untaggedSeconds, ...push("n", about(image, end)));
        assert.equal(presentOf(registry, "n", image), whole);
        assert.ok(registry.disk.has(tagLink(layout, "n", about(image, end))));
      });

    test("whose tag is about another, the tag of which is about the first", () => {
      const registry = aged(
        untaggedSeconds,
        ...push("n", about(another)),
        putBlob("n", other),
        putManifest("n", another, about(image)),
      );
      for (const each of [image, another]) assert.equal(presentOf(registry, "n", each), whole);
    });

    test("that an index needs whose tag is named by it", () => {
      const registry = aged(
        untaggedSeconds,
        ...push("n", "v"),
        putManifest("n", index, about(image)),
        deleteTag("n", "v", [image.digest]),
      );
      assert.equal(presentOf(registry, "n", image), whole);
      assert.equal(presentOf(registry, "n", index), "manifest, its blob");
    });

    test("that signs one named by its own digest", () => {
      const registry = aged(
        untaggedSeconds,
        ...push("n", about(image)),
        putBlob("n", other),
        putManifest("n", signature, about(image, ".sig")),
      );
      assert.equal(presentOf(registry, "n", signature), whole);
    });
  });

test("what signs an image without a tag goes with it, and what signs that", () => {
  const registry = aged(
    3600,
    ...push("n", "v"),
    putBlob("n", other),
    putManifest("n", signature, about(image)),
    putManifest("n", another, about(signature)),
    deleteTag("n", "v", [image.digest]),
  );
  for (const each of [image, signature, another]) assert.equal(presentOf(registry, "n", each), "");
});
