import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  blobData,
  blobFolder,
  layerLink,
  revisionLink,
  tagLink,
  tagsFolder,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import {
  type Described,
  digestOf,
  inRegistryTree,
  ociManifest,
  type RegistryTree,
} from "../../support/registryTree";

const faults: readonly [
  title: string,
  fault: RegExp,
  damage: (tree: RegistryTree, image: Described) => void,
][] = [
  [
    "a layer that is not there",
    /^the layer sha256:\S+ is not there/m,
    ({ layout }) => rmSync(blobFolder(layout, digestOf("one")), { recursive: true }),
  ],
  [
    "a layer with other content",
    /^the layer sha256:\S+ has other content than its digest says/m,
    ({ layout }) => writeFileSync(blobData(layout, digestOf("one")), "two"),
  ],
  [
    "a layer cut short",
    /^the layer sha256:\S+ has other content than its digest says/m,
    ({ layout }) => writeFileSync(blobData(layout, digestOf("one")), ""),
  ],
  [
    "a layer without a link",
    /^the layer sha256:\S+ has no link in the repository/m,
    ({ layout }) => rmSync(layerLink(layout, "n", digestOf("one"))),
  ],
  [
    "a manifest that is not there",
    /^the manifest sha256:\S+ is not there/m,
    ({ layout }, { digest }) => rmSync(blobFolder(layout, digest), { recursive: true }),
  ],
  [
    "a manifest without a link",
    /^the manifest sha256:\S+ has no link in the repository/m,
    ({ layout }, { digest }) => rmSync(revisionLink(layout, "n", digest)),
  ],
  [
    "an empty link",
    /^the manifest sha256:\S+ has a link without a digest/m,
    ({ layout }, { digest }) => writeFileSync(revisionLink(layout, "n", digest), ""),
  ],
];

describe("verify", () => {
  for (const isLayerFirst of [true, false])
    test(`looks at a manifest that is a layer as well for both, the ${isLayerFirst ? "layer" : "manifest"} first`, () => {
      inRegistryTree((tree) => {
        const manifest = tree.image("n", { layers: ["one"] });
        const carrier = tree.manifest("n", {
          mediaType: ociManifest,
          config: tree.layer("n", "{}"),
          layers: [{ ...manifest, mediaType: "application/example" }],
        });
        tree.write(layerLink(tree.layout, "n", manifest.digest), manifest.digest);
        tree.index("n", isLayerFirst ? [carrier, manifest] : [manifest, carrier], "v1");
        assert.match(askKeeper(tree, "verify").text, /^whole: /m);
        rmSync(layerLink(tree.layout, "n", digestOf("one")));
        assert.match(askKeeper(tree, "verify").text, /^the layer sha256:\S+ has no link in the repository/m);
        tree.layer("n", "one");
        rmSync(layerLink(tree.layout, "n", manifest.digest));
        assert.match(askKeeper(tree, "verify").text, /^the layer sha256:\S+ has no link in the repository/m);
      });
    });

  test("finds whole what is whole, also an index without all its children, an artifact and a layer from elsewhere", () => {
    inRegistryTree((tree) => {
      const here = tree.image("n", { tag: "v1", layers: ["one", "two"] });
      tree.index("n", [here, { ...here, digest: digestOf("away") }], "sparse");
      tree.image("n/b", { tag: "artifact", artifactType: "application/example", subject: here });
      const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
      const layers = [{ mediaType: foreign, digest: digestOf("elsewhere"), size: 1 }];
      tree.manifest("w", { config: tree.layer("w", "{}"), layers }, "windows");
      const { text, json, failed } = askKeeper(tree, "verify");
      assert.match(text, /^whole: 4 tags in 3 repositories; .* KiB in 9 blobs read\n$/);
      assert.deepEqual([Object(json).broken, Object(json).faults, failed], [0, [], false]);
      assert.ok(tree.said.some((line) => /^\d.* of at most \d.* read$/.test(line)));
    });
  });

  test("says that there is nothing", () => {
    inRegistryTree((tree) => {
      assert.match(askKeeper(tree, "verify").text, /^whole: 0 tags in 0 repositories; 0 B in 0 blobs read$/m);
      assert.equal(keeperRefusal(tree, "verify", "no/such"), "there is no repository no/such");
    });
  });

  for (const [title, fault, damage] of faults) {
    test(`names ${title} with all tags that it hits, also through an index`, () => {
      inRegistryTree((tree) => {
        const image = tree.image("n", { tag: "v1", layers: ["one"] });
        tree.tag("n", "v2", image.digest);
        tree.index("n", [image], "multi");
        tree.image("n", { tag: "other", layers: ["other"] });
        damage(tree, image);
        const { text, json, failed } = askKeeper(tree, "verify", "n");
        assert.match(text, fault);
        const hit = ["n:multi", "n:v1", "n:v2"];
        assert.deepEqual(Object(json).faults[0].tags, hit);
        assert.match(text, new RegExp(`^broken: ${hit.length} of 4 tags in 1 repository; `, "m"));
        assert.equal(failed, true);
      });
    });
  }

  test("names a tag whose own link is empty, and a manifest that is none", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1" });
      tree.write(tagLink(tree.layout, "n", "empty"), "");
      const text = "no manifest";
      tree.write(revisionLink(tree.layout, "n", tree.blob(text)), digestOf(text));
      tree.tag("n", "text", digestOf(text));
      const answer = askKeeper(tree, "verify");
      assert.match(answer.text, /^the tag itself: its link has no digest in it +n:empty$/m);
      assert.match(answer.text, /^the manifest sha256:\S+ is not JSON +n:text$/m);
    });
  });

  test("does not call broken what is deleted or given back while it looks", () => {
    inRegistryTree((tree) => {
      const gone = tree.image("n", { tag: "deleted", layers: ["gone"] });
      tree.image("n", { tag: "given-back", layers: ["one"] });
      rmSync(blobFolder(tree.layout, gone.digest), { recursive: true });
      const data = blobData(tree.layout, digestOf("one"));
      rmSync(data);
      // What others do meanwhile: between the two looks at the tags.
      const link = tagLink(tree.layout, "n", "given-back");
      let looks = 0;
      const disk = {
        ...nodeDisk,
        read(path: string) {
          if (path === link && ++looks === 2) nodeDisk.write(data, "one");
          if (path === link && looks === 2)
            rmSync(`${tagsFolder(tree.layout, "n")}/deleted`, { recursive: true });
          return nodeDisk.read(path);
        },
      };
      const { text } = askKeeper({ ...tree, context: { ...tree.context, disk } }, "verify");
      assert.match(text, /^whole: /m);
    });
  });
});
