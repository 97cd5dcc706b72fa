import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { blobFolder } from "../../../components/keeper/program/layout";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import { digestOf, inRegistryTree } from "../../support/registryTree";

describe("show", () => {
  test("tells of an image its digest, platform, configuration, layers and all tags with the same digest", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n/b", { tag: "v1", layers: ["one", "two"] });
      for (const tag of ["latest", "__proto__"]) tree.tag("n/b", tag, digest);
      const { text, json } = askKeeper(tree, "show", "n/b:v1");
      assert.match(text, /^n\/b:v1\n/);
      assert.match(text, new RegExp(`^  digest     ${digest}$`, "m"));
      assert.match(text, /^ {2}pushed {5}\d{4}-\d\d-\d\dT\d\d:\d\dZ$/m);
      assert.match(text, /^ {2}type {7}image$/m);
      assert.match(text, /^ {2}platforms {2}linux\/amd64$/m);
      assert.match(text, /^ {2}tags {7}__proto__, latest, v1$/m);
      assert.match(
        text,
        /^config {2}sha256:[0-9a-f]{64} +\d+ B {2}application\/vnd\.oci\.image\.config\.v1\+json$/m,
      );
      assert.match(text, new RegExp(`^layer   ${digestOf("one")}   3 B  application/vnd`, "m"));
      assert.match(text, new RegExp(`^layer   ${digestOf("two")} +3 B  application/vnd`, "m"));
      const shown = Object(json);
      assert.equal(shown.config.architecture, "amd64");
      assert.equal(shown.manifest.layers.length, 2);
      assert.deepEqual(shown.tags, ["__proto__", "latest", "v1"]);
      assert.equal(askKeeper(tree, "show", `n/b@${digest}`).text.includes("pushed"), false);
    });
  });

  test("tells of an index its children, also of those that are not here, and of a child its index", () => {
    inRegistryTree((tree) => {
      const arm = tree.image("n", { platform: "linux/arm/v7" });
      const away = { ...arm, digest: digestOf("away"), platform: { os: "linux", architecture: "mips" } };
      const index = tree.index("n", [arm, away], "v1");
      const { text } = askKeeper(tree, "show", "n:v1");
      assert.match(text, /^ {2}type {7}index of 2 manifests$/m);
      assert.match(text, new RegExp(`^manifest  ${arm.digest}  \\d+ B  linux/arm/v7$`, "m"));
      assert.match(text, new RegExp(`^manifest  ${away.digest}  \\d+ B  linux/mips \\(not here\\)$`, "m"));
      const child = askKeeper(tree, "show", `n@${arm.digest}`);
      assert.match(child.text, /^ {2}tags {7}none$/m);
      assert.match(
        child.text,
        new RegExp(`Part of:\n.*\n${index.digest.slice(0, 19)}  index of 2 manifests  v1`),
      );
    });
  });

  test("tells what signs or describes a manifest, by its subject or by a tag", () => {
    inRegistryTree((tree) => {
      const image = tree.image("n", { tag: "v1" });
      const sbom = tree.image("n", {
        artifactType: "application/spdx+json",
        subject: image,
        layers: ["sbom"],
      });
      const cosign = `${image.digest.replace(":", "-")}.sig`;
      tree.image("n", { tag: cosign, layers: ["signature"], artifactType: "application/vnd.dev.cosign" });
      tree.image("n", { tag: `sha256-${"0".repeat(64)}.sig`, layers: ["of another"] });
      // As programs write that copy by digest.
      tree.tag("n", image.digest.replace(":", "-"), image.digest);
      const { text, json } = askKeeper(tree, "show", "n:v1");
      assert.match(
        text,
        new RegExp(`Signed or described by:\n.*\n${sbom.digest.slice(0, 19)}  application/spdx\\+json\n`),
      );
      assert.match(text, new RegExp(`application/vnd\\.dev\\.cosign +${cosign}$`, "m"));
      assert.equal(Object(json).referrers.length, 2);
      assert.equal(Object(askKeeper(tree, "show", `n@${sbom.digest}`).json).subject, image.digest);
    });
  });

  test("says what is wrong with a manifest that cannot be read", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      rmSync(blobFolder(tree.layout, digest), { recursive: true });
      assert.match(
        askKeeper(tree, "show", "n:v1").text,
        /^ {2}problem {2}the manifest sha256:\S+ is not there$/m,
      );
      assert.match(askKeeper(tree, "show", "n:v1").text, /^ {2}type {5}unreadable$/m);
    });
  });

  test("refuses what is not there with its name", () => {
    inRegistryTree((tree) => {
      tree.image("n/b", { tag: "v1" });
      const digest = digestOf("none");
      assert.equal(keeperRefusal(tree, "show", "n:v1"), "there is no repository n");
      assert.equal(keeperRefusal(tree, "show", "n/b:v2"), "there is no tag n/b:v2");
      assert.equal(keeperRefusal(tree, "show", `n/b@${digest}`), `there is no manifest n/b@${digest}`);
    });
  });
});
