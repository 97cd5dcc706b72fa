import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { blobFolder, tagLink } from "../../../components/keeper/program/layout";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import { repositories, tags } from "../../support/oddNames";
import { digestOf, inRegistryTree } from "../../support/registryTree";

describe("list", () => {
  test("says that there are no repositories yet", () => {
    inRegistryTree((tree) => {
      const { text, json } = askKeeper(tree, "list");
      assert.equal(text, "no repositories yet\n");
      assert.deepEqual(json, { repositories: [], bytes: 0 });
    });
  });

  test("tells of each repository its tags, its newest push and its size, and counts what is shared once in the sum", () => {
    inRegistryTree((tree) => {
      const shared = "s".repeat(3 * 1024 * 1024);
      for (const repository of ["n", "n/b"]) tree.image(repository, { tag: "v1", layers: [shared] });
      tree.image("n/b", { tag: "v2", layers: [shared] });
      const untagged = tree.index("empty/of/tags", []);
      tree.layer("only/begun", "x");
      tree.age(tagLink(tree.layout, "n", "v1"), 86_400);
      const { text, json } = askKeeper(tree, "list");
      const config = Buffer.byteLength('{"os":"linux","architecture":"amd64","rootfs":{"type":"layers"}}');
      const bytes = 3 * 1024 * 1024 + config + tree.image("n", { layers: [shared] }).size;
      assert.deepEqual(json, {
        repositories: [
          { repository: "empty/of/tags", tags: 0, newestPush: null, bytes: untagged.size },
          { repository: "n", tags: 1, newestPush: pushed("n", "v1"), bytes },
          { repository: "n/b", tags: 2, newestPush: pushed("n/b", "v2"), bytes },
        ],
        bytes: bytes + untagged.size,
      });
      const [title, none, n, nested, , sum] = text.split("\n");
      assert.equal(title, "REPOSITORY     TAGS  NEWEST PUSH           SIZE");
      assert.equal(none, `empty/of/tags     0  -                     ${untagged.size} B`);
      assert.match(n ?? "", /^n {17}1 {2}\d{4}-\d\d-\d\dT\d\d:\d\dZ {2}3\.0 MiB$/);
      assert.match(nested ?? "", /^n\/b {15}2 {2}\S+Z {2}3\.0 MiB$/);
      assert.equal(sum, "3 repositories, 3.0 MiB in all; what several share counts once.");

      function pushed(repository: string, tag: string): string {
        const stat = tree.context.disk.stat(tagLink(tree.layout, repository, tag));
        return new Date(stat?.modified ?? 0).toISOString();
      }
    });
  });

  test("knows every legal name", () => {
    inRegistryTree((tree) => {
      for (const repository of repositories) tree.image(repository, { tag: "v1" });
      const { json } = askKeeper(tree, "list");
      assert.deepEqual(namesIn(json, "repositories", "repository"), [...repositories].sort());
    });
  });
});

describe("tags", () => {
  test("shows the newest first, with time, size, digest and platform", () => {
    inRegistryTree((tree) => {
      const layers = ["l".repeat(2 * 1024 * 1024)];
      const old = tree.image("n", { tag: "old", layers, platform: "linux/arm64/v8" });
      tree.age(tagLink(tree.layout, "n", "old"), 3600);
      const children = ["linux/amd64", "linux/s390x"].map((platform) =>
        tree.image("n", { layers, platform }),
      );
      const index = tree.index("n", children, "multi");
      const { text, json } = askKeeper(tree, "tags", "n");
      assert.deepEqual(namesIn(json, "tags", "tag"), ["multi", "old"]);
      const [, multi, single] = text.split("\n");
      assert.match(
        multi ?? "",
        /^multi {2}\S+Z {2}2\.0 MiB {2}sha256:[0-9a-f]{12} {2}linux\/amd64, linux\/s390x$/,
      );
      assert.ok(multi?.includes(index.digest.slice(0, 19)));
      assert.match(single ?? "", /^old {4}\S+Z {2}2\.0 MiB {2}sha256:[0-9a-f]{12} {2}linux\/arm64\/v8$/);
      assert.ok(single?.includes(old.digest.slice(0, 19)));
    });
  });

  test("counts only the children of an index that are here, and shows no platform of what only describes", () => {
    inRegistryTree((tree) => {
      const here = tree.image("n", { platform: "linux/amd64" });
      const away = {
        ...here,
        digest: digestOf("away"),
        size: 999_999_999,
        platform: { os: "linux", architecture: "arm" },
      };
      const attestation = tree.image("n", { platform: "unknown/unknown", layers: ["attestation"] });
      tree.index("n", [here, away, attestation], "sparse");
      const { json, text } = askKeeper(tree, "tags", "n");
      assert.ok(Number(namesIn(json, "tags", "bytes")[0]) < 10_000);
      assert.match(text, /linux\/amd64$/m);
    });
  });

  test("takes an artifact for one, whatever it has in it", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "chart", artifactType: "application/vnd.cncf.helm.config.v1+json" });
      tree.manifest(
        "n",
        { config: tree.layer("n", "not JSON", "application/vnd.oci.image.config.v1+json") },
        "odd",
      );
      assert.deepEqual(namesIn(askKeeper(tree, "tags", "n").json, "tags", "platforms").flat(), []);
    });
  });

  test("shows a tag that nobody can pull with the reason", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "fine" });
      const gone = tree.image("n", { tag: "gone", layers: ["other"] });
      rmSync(blobFolder(tree.layout, gone.digest), { recursive: true });
      tree.write(tagLink(tree.layout, "n", "empty"), "");
      tree.tag("n", "text", tree.blob("no manifest"));
      const { text } = askKeeper(tree, "tags", "n");
      assert.match(text, /^empty .* its link has no digest in it$/m);
      assert.match(text, new RegExp(`^gone .* the manifest ${gone.digest} is not there$`, "m"));
      assert.match(text, /^text .* the manifest sha256:\S+ is not JSON$/m);
      assert.match(text, /^fine .* linux\/amd64$/m);
    });
  });

  test("knows every legal tag, and says where there is none", () => {
    inRegistryTree((tree) => {
      const odd = [...tags, "__proto__", "constructor"];
      for (const tag of odd) tree.image("n/b", { tag });
      assert.deepEqual(namesIn(askKeeper(tree, "tags", "n/b").json, "tags", "tag").sort(), odd.sort());
      tree.layer("only/layers", "x");
      assert.equal(askKeeper(tree, "tags", "only/layers").text, "no tags in only/layers\n");
      assert.equal(keeperRefusal(tree, "tags", "n"), "there is no repository n");
      assert.equal(keeperRefusal(tree, "tags", "no/such"), "there is no repository no/such");
    });
  });

  test("takes how long for 5,000 tags", (context) => {
    inRegistryTree((tree) => {
      for (let image = 0; image < 500; image++) {
        const { digest } = tree.image("n", {
          layers: [`layer ${image}`, "base"],
          platform: `linux/a${image}`,
        });
        for (let tag = 0; tag < 10; tag++) tree.tag("n", `v${image}.${tag}`, digest);
      }
      for (const verb of ["tags", "list", "report", "verify"] as const) {
        const start = performance.now();
        const { json } = askKeeper(tree, verb, verb === "tags" ? "n" : "");
        context.diagnostic(`${verb} of 5,000 tags: ${(performance.now() - start).toFixed()} ms`);
        if (verb === "tags") assert.equal(namesIn(json, "tags", "tag").length, 5000);
      }
    });
  });
});

/** One field of each entry of a list in an answer. */
function namesIn(json: unknown, list: string, field: string): string[] {
  const entries = Object(json)[list];
  assert.ok(Array.isArray(entries));
  return entries.map((entry) => entry[field]);
}
