import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mark } from "../../../components/keeper/program/collect";
import { Unreadable } from "../../../components/keeper/program/job";
import { blobData } from "../../../components/keeper/program/layout";
import { parseManifest } from "../../../components/keeper/program/manifest";
import { memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { image, layer, other, push } from "../../support/keeper/modelImages";
import { digestOf, layout } from "../../support/keeper/registryClient";
import { randomOf } from "../../support/walk/random";

const digest = digestOf("1");
const config = { digest: other, size: 1 };
const layers = [{ digest: layer, size: 1 }];
const docker = "application/vnd.docker.distribution.manifest";
const oci = "application/vnd.oci.image";
const images = [`${docker}.v2+json`, `${oci}.manifest.v1+json`, "", null, undefined];
const indexes = [`${docker}.list.v2+json`, `${oci}.index.v1+json`, "", null, undefined];

const mentioned = (fields: unknown): string[] => {
  const { blobs, manifests } = parseManifest(JSON.stringify(fields), digest);
  return [...blobs, ...manifests].map((one) => one.digest).sort();
};
const isRefused = (fields: unknown, message: RegExp | typeof Unreadable) =>
  assert.throws(() => mentioned(fields), message, JSON.stringify(fields));

describe("the keeper understands a manifest", () => {
  test("of each form that the registry serves, also without a type, without layers and with an empty list", () => {
    for (const mediaType of images) {
      const fields = { schemaVersion: 2, mediaType, config };
      assert.deepEqual(mentioned({ ...fields, layers }), [layer, other].sort());
      for (const none of [[], null, undefined])
        assert.deepEqual(mentioned({ ...fields, layers: none }), [other]);
    }
    for (const mediaType of indexes) {
      assert.deepEqual(mentioned({ schemaVersion: 2, mediaType, manifests: layers }), [layer]);
      for (const none of [[], null, undefined])
        assert.deepEqual(mentioned({ schemaVersion: 2, mediaType, manifests: none }), []);
    }
  });

  test("whatever letters its names are in: the registry took them so", () => {
    const random = randomOf("letters");
    const inOtherLetters = (text: string) =>
      text.replaceAll(/"(\w+)":/g, (_, name: string) => {
        const letters = [...name].map((letter) => {
          if (random.below(2) === 0) return letter;
          return letter === "s" && random.below(3) === 0 ? "\u017f" : letter.toUpperCase();
        });
        return `"${letters.join("")}":`;
      });
    const text = JSON.stringify({ schemaVersion: 2, mediaType: images[1], config, layers, subject: config });
    for (let run = 0; run < 500; run++)
      assert.deepEqual(parseManifest(inOtherLetters(text), digest).blobs, parseManifest(text, digest).blobs);
    isRefused(
      { schemaVersion: 2, config, layers: [], Layers: layers },
      /has "layers" twice, in other letters/,
    );
  });

  test("whatever it names as its subject: the registry does not read that", () => {
    const fields = { schemaVersion: 2, mediaType: images[1], config, layers };
    const subjectOf = (subject: unknown) =>
      parseManifest(JSON.stringify({ ...fields, subject }), digest).subject;
    assert.equal(subjectOf({ mediaType: images[1], digest: layer, size: 1 }), layer);
    for (const senseless of [null, 7, "x", layer, [], [layer], {}, { digest: 7 }, { digest: "sha256:x" }])
      assert.equal(subjectOf(senseless), undefined);
  });

  test("and says of any other what it is and what to do", () => {
    const [type, index] = ["application/vnd.oci.artifact.manifest.v1+json", indexes[1]];
    const remedy =
      "this registry does not serve it, and nobody can say what it needs; delete it with --digest";
    isRefused(
      { schemaVersion: 1, name: "n", tag: "v", fsLayers: [{ blobSum: layer }], history: [] },
      new RegExp(`the manifest ${digest} is of schema 1: ${remedy}`),
    );
    isRefused(
      { mediaType: type, artifactType: "x", blobs: layers },
      /is of the type "application\/vnd.oci.artifact/,
    );
    isRefused({}, /does not say that it is of schema 2/);
    isRefused({ schemaVersion: "2", mediaType: index }, /does not say/);
    isRefused({ schemaVersion: 2, layers }, /has no configuration/);
    isRefused({ schemaVersion: 2, mediaType: images[0] }, /has no configuration/);
    for (const odd of [
      [],
      null,
      1,
      "x",
      { schemaVersion: 2, mediaType: 7 },
      { schemaVersion: 2, config: {} },
    ])
      isRefused(odd, Unreadable);
  });

  test("or mentions all that is in it, whatever is left out, renamed or changed", () => {
    const random = randomOf("forms");
    const [extra = ""] = images;
    const values = [2, 1, "2", extra, indexes[1], "other", "", null, undefined, config, layers, [], {}];
    const names = [
      "schemaVersion",
      "mediaType",
      "config",
      "layers",
      "Layers",
      "fsLayers",
      "blobs",
      "manifests",
    ];
    let understood = 0;
    for (let run = 0; run < 20_000; run++) {
      const fields: { [name: string]: unknown } = { schemaVersion: 2, config, layers };
      for (let change = 0; change < 2; change++) fields[random.pick(names)] = random.pick(values);
      try {
        const found = mentioned(fields);
        understood += 1;
        const { fsLayers: _, blobs: _blobs, ...known } = fields;
        const text = JSON.stringify(known);
        for (const each of [layer, other]) assert.equal(found.includes(each), text.includes(each), text);
      } catch (error) {
        assert.ok(error instanceof Unreadable, String(error));
      }
    }
    assert.ok(understood > 1000, `${understood} understood`);
  });
});

describe("a tag whose manifest this registry does not serve", () => {
  test("stops the run, so that its layers stay", () => {
    for (const fields of [
      { schemaVersion: 1, fsLayers: [{ blobSum: layer }] },
      { mediaType: "application/vnd.oci.artifact.manifest.v1+json", blobs: layers },
      {},
    ]) {
      const registry = memoryRegistry();
      registry.ask(...push("n", "v"));
      registry.disk.write(blobData(layout, image.digest), JSON.stringify(fields));
      for (let run = 0; run < 4; run++) {
        registry.wait(25);
        assert.throws(() => mark(registry.context), {
          message: /^n: the manifest sha256:1{64} .*this registry does not serve/,
        });
      }
      assert.equal(presentOf(registry, "n", image), whole);
    }
  });
});
