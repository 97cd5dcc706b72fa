import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { layerLink, revisionLink, tagLink, tagsFolder } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { batchesOf } from "../../../components/keeper/program/trash";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import { type Described, digestOf, inRegistryTree, type RegistryTree } from "../../support/registryTree";

function tagNames({ context, layout }: RegistryTree, repository: string): string[] {
  return (context.disk.names(tagsFolder(layout, repository)) ?? []).sort();
}

/** The same tree, but somebody acts just before something whose path ends so is moved. */
function beforeMove(tree: RegistryTree, end: string, act: () => void): RegistryTree {
  let acted = false;
  const disk = {
    ...nodeDisk,
    move(from: string, to: string) {
      if (from.endsWith(end) && !acted) {
        acted = true;
        act();
      }
      return nodeDisk.move(from, to);
    },
  };
  return { ...tree, context: { ...tree.context, disk } };
}

describe("delete", () => {
  test("takes a tag alone, says what it pointed to, what stays and how to undo it", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      tree.tag("n", "v2", digest);
      tree.image("n/b", { tag: "v1" });
      const { text, json } = askKeeper(tree, "delete", "n:v1");
      assert.match(text, new RegExp(`^Deleted n:v1, which pointed to ${digest.slice(0, 19)}\\.\n`));
      assert.match(text, /^What it pointed to stays: v2 points to it, too\.$/m);
      assert.match(text, /^Until \d{4}-\d\d-\d\dT\d\d:\d\dZ it can be undone: restore n:v1$/m);
      assert.deepEqual(Object(json).deleted, [{ repository: "n", tag: "v1", digest }]);
      assert.deepEqual(tagNames(tree, "n"), ["v2"], "not listed by the registry either");
      assert.deepEqual(tagNames(tree, "n/b"), ["v1"]);
      assert.ok(existsSync(revisionLink(tree.layout, "n", digest)));
      const [batch] = batchesOf(nodeDisk, tree.layout);
      assert.deepEqual(batch?.reason, { kind: "delete", user: "alice", repository: "n", tag: "v1" });
      assert.match(
        askKeeper(tree, "delete", "n:v2").text,
        /stays, and can be pulled by its digest; delete with --digest/,
      );
      assert.deepEqual(tagNames(tree, "n"), []);
    });
  });

  test("leaves immutable tags, and what they point to", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("team/n", { tag: "v1" });
      tree.tag("team/n", "latest", digest);
      tree.tag("team/n", "v2", digest);
      tree.image("n", { tag: "v1" });
      const immutableTags = [{ repositories: ["team/*"], tags: ["v*"] }];
      const ruled = {
        ...tree,
        context: { ...tree.context, settings: { ...tree.context.settings, immutableTags } },
      };
      assert.equal(
        keeperRefusal(ruled, "delete", "team/n:v1"),
        "team/n:v1 is immutable, by immutableTags, and stays",
      );
      assert.equal(
        keeperRefusal(ruled, "delete", `team/n@${digest}`, "digest", "apply"),
        `team/n@${digest} stays: v1 and v2, immutable by immutableTags, point to it`,
      );
      assert.deepEqual(tagNames(tree, "team/n"), ["latest", "v1", "v2"]);
      askKeeper(ruled, "delete", "team/n:latest");
      askKeeper(ruled, "delete", "n:v1");
      assert.deepEqual([tagNames(tree, "team/n"), tagNames(tree, "n")], [["v1", "v2"], []]);
    });
  });

  test("takes a tag that nobody can pull", () => {
    inRegistryTree((tree) => {
      tree.layer("n", "x");
      tree.write(tagLink(tree.layout, "n", "empty"), "");
      assert.match(askKeeper(tree, "delete", "n:empty").text, /^Deleted n:empty\.$/m);
      assert.deepEqual(tagNames(tree, "n"), []);
    });
  });

  test("leaves a tag that is pushed again meanwhile as it was pushed", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1" });
      const newer = tree.image("n", { layers: ["newer"] });
      const busy = beforeMove(tree, "v1/current/link", () => tree.tag("n", "v1", newer.digest));
      assert.equal(
        keeperRefusal(busy, "delete", "n:v1"),
        "n:v1 was pushed again meanwhile, and stays as it was pushed",
      );
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), newer.digest);
    });
  });

  test("refuses what is not there, and a digest without the flag for it", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      assert.equal(keeperRefusal(tree, "delete", "n:v2"), "there is no tag n:v2");
      assert.equal(keeperRefusal(tree, "delete", "m:v1"), "there is no repository m");
      assert.match(
        keeperRefusal(tree, "delete", `n@${digest}`),
        /with --digest it is deleted, with all tags/,
      );
      assert.match(keeperRefusal(tree, "delete", "n:v1", "apply"), /--apply only with --digest/);
      assert.deepEqual(tagNames(tree, "n"), ["v1"]);
    });
  });
});

describe("delete --digest", () => {
  test("takes nothing of an index while a child may be pushed again, and all of it once that push has come to its end", () => {
    inRegistryTree(
      (tree) => {
        const child = tree.image("n");
        tree.index("n", [child], "v1");
        const link = revisionLink(tree.layout, "n", child.digest);
        tree.write(link, child.digest);
        tree.age(link, -1);
        assert.match(
          keeperRefusal(tree, "delete", "n:v1", "digest"),
          /^n:v1 stays: sha256:\w{12} was pushed or restored just now, .*\. Delete the tag alone, or ask again in 15 minutes$/,
        );
        assert.ok(existsSync(tagLink(tree.layout, "n", "v1")));
        tree.age(link, 900);
        assert.match(askKeeper(tree, "delete", "n:v1", "digest").text, /^With it went 1 manifest/m);
      },
      { settleSeconds: 900 },
    );
  });

  test("takes the manifest and all its tags in this repository, and leaves its layers to a collection", () => {
    inRegistryTree((tree) => {
      const image = tree.image("n", { tag: "v1", layers: ["one"] });
      tree.tag("n", "v2", image.digest);
      const other = tree.image("n", { tag: "v3", layers: ["one", "two"] });
      tree.image("n/b", { tag: "v1", layers: ["one"] });
      const { text, json } = askKeeper(tree, "delete", "n:v1", "digest");
      assert.match(text, new RegExp(`^Deleted n@${image.digest} with 2 tags: v1, v2\\.\n`));
      assert.match(text, new RegExp(`^Until .* it can be undone: restore n@${image.digest}$`, "m"));
      assert.equal(Object(json).deleted.length, 3);
      assert.deepEqual(tagNames(tree, "n"), ["v3"]);
      assert.deepEqual(tagNames(tree, "n/b"), ["v1"]);
      assert.ok(!existsSync(revisionLink(tree.layout, "n", image.digest)));
      assert.ok(existsSync(revisionLink(tree.layout, "n", other.digest)));
      assert.ok(existsSync(revisionLink(tree.layout, "n/b", image.digest)));
      assert.ok(existsSync(layerLink(tree.layout, "n", digestOf("one"))));
      assert.match(askKeeper(tree, "delete", `n@${other.digest}`, "digest").text, /with 1 tag: v3/);
    });
  });

  test("takes the children of an index that nothing else needs", () => {
    inRegistryTree((tree) => {
      const [own, tagged, shared] = ["amd64", "arm64", "s390x"].map((cpu) =>
        tree.image("n", { platform: `linux/${cpu}` }),
      );
      assert.ok(own && tagged && shared);
      tree.tag("n", "arm", tagged.digest);
      tree.index("n", [own, tagged, shared], "v1");
      tree.index("n", [shared], "v2");
      assert.match(
        askKeeper(tree, "delete", "n:v1", "digest").text,
        /^With it went 1 manifest that nothing else needs\.$/m,
      );
      const there = [own, tagged, shared].map(({ digest }) =>
        existsSync(revisionLink(tree.layout, "n", digest)),
      );
      assert.deepEqual(there, [false, true, true]);
      assert.deepEqual(tagNames(tree, "n"), ["arm", "v2"]);
    });
  });

  test("refuses to take a child out of an index", () => {
    inRegistryTree((tree) => {
      const child = tree.image("n", { tag: "arm" });
      tree.index("n", [child], "v1");
      assert.equal(
        keeperRefusal(tree, "delete", "n:arm", "digest", "apply"),
        "n:arm is part of v1: delete that first, or nobody could pull it whole",
      );
      assert.deepEqual(tagNames(tree, "n"), ["arm", "v1"]);
    });
  });

  test("takes what is signed or described only when told again", () => {
    inRegistryTree((tree) => {
      const image = tree.image("n", { tag: "v1" });
      const signature = tree.image("n", { artifactType: "application/signature", subject: image });
      const cosign = `${image.digest.replace(":", "-")}.sig`;
      tree.image("n", { tag: cosign, layers: ["signature"] });
      const sentence = keeperRefusal(tree, "delete", "n:v1", "digest");
      assert.match(
        sentence,
        new RegExp(`^n:v1 is signed or described by ${cosign} and ${signature.digest.slice(0, 19)}, `),
      );
      assert.match(sentence, /--digest --apply$/);
      assert.deepEqual(tagNames(tree, "n").length, 2);
      assert.match(
        askKeeper(tree, "delete", "n:v1", "digest", "apply").text,
        /goes with a later collection: sha256-/,
      );
      assert.deepEqual(tagNames(tree, "n"), [cosign]);
    });
  });

  test("takes an index of which a child is signed or described only when told again, and asks for none that goes itself", () => {
    inRegistryTree((tree) => {
      const [signed, described] = ["amd64", "arm64"].map((cpu) =>
        tree.image("n", { platform: `linux/${cpu}` }),
      );
      assert.ok(signed && described);
      const cosign = `${signed.digest.replace(":", "-")}.sig`;
      tree.image("n", { tag: cosign, layers: ["signature"] });
      const inside = tree.image("n", { subject: described, layers: ["attestation"] });
      const outside = tree.image("n", { subject: described, layers: ["parts"] });
      tree.image("n", { tag: "parts", subject: described, layers: ["what stays, as it has a tag"] });
      // Its name is that of a child, and it goes with the index.
      tree.index("n", [signed, described, inside], described.digest.replace(":", "-"));
      const reference = `n:${described.digest.replace(":", "-")}`;
      const sentence = keeperRefusal(tree, "delete", reference, "digest");
      assert.ok(
        sentence.startsWith(
          `${reference} is signed or described by ${cosign} and ${outside.digest.slice(0, 19)}, which`,
        ),
        sentence,
      );
      askKeeper(tree, "delete", reference, "digest", "apply");
      assert.deepEqual(tagNames(tree, "n"), ["parts", cosign]);
    });
  });

  test("takes an image whose tag is named by its own digest, which signs nothing", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", {});
      const tag = digest.replace(":", "-");
      tree.tag("n", tag, digest);
      askKeeper(tree, "delete", `n:${tag}`, "digest");
      assert.deepEqual(tagNames(tree, "n"), []);
    });
  });

  for (const [what, push] of [
    ["a tag", (tree, { digest }) => tree.tag("n", "late", digest)],
    ["an index", (tree, image) => tree.index("n", [image])],
    ["the manifest itself", (tree, { digest }) => tree.write(revisionLink(tree.layout, "n", digest), digest)],
  ] satisfies [string, (tree: RegistryTree, image: Described) => unknown][]) {
    test(`gives all back when ${what} is pushed while the manifest is being taken`, () => {
      inRegistryTree((tree) => {
        const image = tree.image("n", { tag: "v1" });
        const path = revisionLink(tree.layout, "n", image.digest);
        const busy = beforeMove(tree, path, () => push(tree, image));
        assert.match(
          keeperRefusal(busy, "delete", "n:v1", "digest"),
          /is needed by .* pushed meanwhile: the manifest stays/,
        );
        assert.equal(nodeDisk.read(path), image.digest);
      });
    });
  }
});
