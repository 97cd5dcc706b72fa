import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { listFile, parseBackupList, writeBackupList } from "../../../components/keeper/program/backupList";
import type { Context } from "../../../components/keeper/program/job";
import { blobData, layerLink, revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { proofText, rebuild } from "../../../components/keeper/program/rebuild";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

/** A registry with some of everything. */
function filled(tree: RegistryTree) {
  const image = tree.image("team/app", { tag: "1", layers: ["one", "two"] });
  const arm = tree.image("team/app", { platform: "linux/arm64", layers: ["arm"] });
  tree.index("team/app", [arm], "list");
  tree.image("other", { tag: "v1", layers: ["two"] });
  tree.image("other", { layers: ["untagged"] });
  tree.age(tagLink(tree.layout, "team/app", "1"), 86_400 * 30);
  return { image, arm };
}

/** Takes a backup as list and blobs, and hands over a folder that has nothing else. */
function restored(body: (source: RegistryTree, target: RegistryTree) => void): void {
  inRegistryTree((source) => {
    filled(source);
    writeBackupList(source.context);
    inRegistryTree((target) => {
      cpSync(source.layout.blobs, target.layout.blobs, { recursive: true });
      target.write(listFile(target.context), readFileSync(listFile(source.context), "utf8"));
      body(source, target);
    });
  });
}

const problemsOf = ({ context }: { readonly context: Context }) => rebuild(context).problems;

describe("the list of a backup", () => {
  test("has tags before revisions before layers, and then the blobs", () => {
    inRegistryTree((tree) => {
      filled(tree);
      writeBackupList(tree.context);
      const { links, blobs } = parseBackupList(readFileSync(listFile(tree.context), "utf8"));
      const kinds = links.map(({ link }) =>
        /_manifests\/(tags|revisions)|_(layers)/.exec(link)?.slice(1).join(""),
      );
      assert.deepEqual([...new Set(kinds)], ["tags", "revisions", "layers"]);
      assert.deepEqual(
        kinds,
        [...kinds].sort((a, b) => (b ?? "").localeCompare(a ?? "")),
        "and none between the others",
      );
      assert.ok(blobs.every(({ blob, size }) => nodeDisk.stat(blobData(tree.layout, blob))?.size === size));
    });
  });

  test("does not have a tag that was deleted while it was made", () => {
    inRegistryTree((tree) => {
      const { image } = filled(tree);
      const disk = {
        ...nodeDisk,
        read(path: string) {
          const text = nodeDisk.read(path);
          if (path.includes("_layers"))
            rmSync(`${tree.layout.repositories}/team/app/_manifests/tags/1/current/link`, { force: true });
          return text;
        },
      };
      writeBackupList({ ...tree.context, disk });
      const { links } = parseBackupList(readFileSync(listFile(tree.context), "utf8"));
      assert.ok(!links.some(({ link }) => link.includes("tags/1/current")));
      assert.ok(links.some(({ digest }) => digest === image.digest));
    });
  });
});

describe("what is rebuilt from it", () => {
  test("has every link with its time, and is proven by reading all of it", () => {
    restored((source, target) => {
      const proof = rebuild(target.context);
      assert.deepEqual(proof.problems, []);
      assert.equal(proofText(proof), `whole: 3 tags, ${proof.links} links\n`);
      const [was, is] = [source, target].map(
        ({ layout }) => nodeDisk.stat(tagLink(layout, "team/app", "1"))?.modified,
      );
      assert.ok(Math.abs((was ?? 0) - (is ?? 1)) < 2, `${was} ${is}`);
      assert.equal(
        nodeDisk.read(tagLink(target.layout, "other", "v1")),
        nodeDisk.read(tagLink(source.layout, "other", "v1")),
      );
    });
  });

  test("is found out by one flipped byte in a layer", () => {
    restored((source, target) => {
      const { digest } = source.layer("team/app", "one");
      writeFileSync(blobData(target.layout, digest), "onf");
      assert.deepEqual(problemsOf(target), [
        `the layer ${digest} has other content than its digest says, which team/app:1 needs`,
      ]);
      assert.match(proofText(rebuild(target.context)), /\nnot whole: 1 problem\n$/);
    });
  });

  test("is found out by a blob that is cut short, or not there", () => {
    restored((source, target) => {
      const { digest } = source.layer("team/app", "one");
      truncateSync(blobData(target.layout, digest), 1);
      assert.deepEqual(problemsOf(target)[0], `${digest} has 1 bytes instead of 3`);
      rmSync(blobData(target.layout, digest));
      assert.deepEqual(problemsOf(target), [
        `${digest} is not there`,
        `the layer ${digest} is not there, which team/app:1 needs`,
      ]);
    });
  });

  test("is found out by a link that is missing", () => {
    restored((source, target) => {
      const { digest } = source.layer("team/app", "one");
      const lines = readFileSync(listFile(target.context), "utf8").split("\n");
      const link = layerLink(source.layout, "team/app", digest).slice(source.layout.root.length + 1);
      const without = lines.filter((line) => !line.includes(link)).join("\n");
      target.write(listFile(target.context), without);
      assert.throws(() => rebuild(target.context), /the list of the backup is not whole/);
      target.write(
        listFile(target.context),
        without.replace(/"links":(\d+)/, (_, count) => `"links":${count - 1}`),
      );
      assert.deepEqual(problemsOf(target), [
        `the layer ${digest} has no link in the repository, which team/app:1 needs`,
      ]);
    });
  });

  test("is refused with a list that was cut short, makes no sense or leads elsewhere", () => {
    restored((source, target) => {
      const whole = readFileSync(listFile(target.context), "utf8");
      const { digest } = source.layer("team/app", "one");
      for (const [text, message] of [
        ["", /not whole/],
        [whole.slice(0, whole.length / 2), /not whole/],
        [whole.split("\n").slice(0, -2).join("\n"), /not whole/],
        [
          whole.replace(/repositories\/other/g, "repositories/../../other"),
          /an odd link, repositories\/\.\./,
        ],
        [whole.replace(/"digest":"[^"]*"/, '"digest":"../x"'), /an odd link/],
      ] as const) {
        target.write(listFile(target.context), text);
        assert.throws(() => rebuild(target.context), message);
      }
      rmSync(listFile(target.context));
      assert.throws(() => rebuild(target.context), /the backup has no list/);
      assert.ok(nodeDisk.stat(revisionLink(target.layout, "team/app", digest)) === undefined);
    });
  });
});
