import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { removeAll } from "../../../components/keeper/program/folders";
import { runJob } from "../../../components/keeper/program/jobs";
import { tagLink, tagsFolder } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { readStatus } from "../../../components/keeper/program/status";
import { indexFile, lastSeen, readIndex } from "../../../components/keeper/program/tagIndex";
import { batchNames } from "../../../components/keeper/program/trash";
import { readLink } from "../../../components/keeper/program/walk";
import { askKeeper } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const day = 86_400;

function deletedByClient({ layout }: RegistryTree, repository: string, tag: string): void {
  rmSync(`${tagsFolder(layout, repository)}/${tag}`, { recursive: true });
}

/** Lets all that the index remembers become older. */
function age(tree: RegistryTree, days: number): void {
  const { time, tags, gone } = readIndex(tree.context);
  const older = gone.map((tag) => ({ ...tag, lastSeen: tag.lastSeen - days * day * 1000 }));
  nodeDisk.write(indexFile(tree.context), JSON.stringify({ time, tags, gone: older }));
}

describe("the hourly index", () => {
  test("has each tag with digest, push time and size, and notes in the status that it ran", () => {
    inRegistryTree((tree) => {
      const { digest, size } = tree.image("n/b", { tag: "constructor", layers: ["one"] });
      tree.image("n", { tag: "v1" });
      runJob(tree.context, "index");
      const found = readIndex(tree.context).tags.find(({ repository }) => repository === "n/b");
      const stat = nodeDisk.stat(tagLink(tree.layout, "n/b", "constructor"));
      assert.equal(found?.tag, "constructor");
      assert.equal(found?.digest, digest);
      assert.equal(found?.pushed, stat?.modified);
      assert.ok(found && found.bytes > size);
      assert.equal(readStatus(tree.context).runs.index?.summary, "2 tags in 2 repositories");
    });
  });

  test("reads only what was pushed since the last one", () => {
    inRegistryTree((tree) => {
      for (const tag of ["v1", "v2", "v3"]) tree.image("n", { tag, layers: [tag] });
      runJob(tree.context, "index");
      const newer = tree.image("n", { tag: "v2", layers: ["newer"] });
      const read: string[] = [];
      const disk = {
        ...nodeDisk,
        read(path: string) {
          read.push(path);
          return nodeDisk.read(path);
        },
      };
      runJob({ ...tree.context, disk }, "index");
      assert.deepEqual(
        read.filter((path) => path.endsWith("/current/link")),
        [tagLink(tree.layout, "n", "v2")],
      );
      const digests = readIndex(tree.context).tags.map(({ tag, digest }) => tag === "v2" && digest);
      assert.deepEqual(digests, [false, newer.digest, false]);
    });
  });

  test("remembers what other clients deleted, for 14 days, or longer if what is taken is kept longer", () => {
    for (const [undoDays, kept, forgotten] of [
      [1, 13, 2],
      [30, 29, 2],
    ] as const) {
      inRegistryTree(
        (tree) => {
          const { digest } = tree.image("n", { tag: "v1" });
          runJob(tree.context, "index");
          deletedByClient(tree, "n", "v1");
          for (let run = 0; run < 3; run++) runJob(tree.context, "index");
          age(tree, kept);
          runJob(tree.context, "index");
          assert.equal(lastSeen(readIndex(tree.context), "n", "v1")?.digest, digest);
          age(tree, forgotten);
          runJob(tree.context, "index");
          assert.equal(lastSeen(readIndex(tree.context), "n", "v1"), undefined);
        },
        { undoSeconds: undoDays * day },
      );
    }
  });

  test("remembers as long what the keeper took, so that its tag comes back also once the trash is emptied", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      runJob(tree.context, "index");
      askKeeper(tree, "delete", "n:v1");
      runJob(tree.context, "index");
      assert.match(askKeeper(tree, "restore", "n:v1").text, /^From the trash, exactly as it was/m);
      askKeeper(tree, "delete", "n:v1");
      runJob(tree.context, "index");
      for (const name of batchNames(nodeDisk, tree.layout))
        removeAll(nodeDisk, `${tree.layout.trash}/${name}`);
      runJob(tree.context, "index");
      assert.match(askKeeper(tree, "restore", "n:v1").text, /^From the hourly index/m);
      assert.equal(readLink(nodeDisk, tagLink(tree.layout, "n", "v1"))?.digest, digest);
    });
  });

  test("keeps what it knew of a tag whose link has become empty", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      runJob(tree.context, "index");
      nodeDisk.write(tagLink(tree.layout, "n", "v1"), "");
      runJob(tree.context, "index");
      assert.equal(lastSeen(readIndex(tree.context), "n", "v1")?.digest, digest);
    });
  });

  for (const text of ["", "{", "null", "[]", '{"time":1,"tags":{},"gone":[]}']) {
    test(`begins anew where the file says ${JSON.stringify(text)}`, () => {
      inRegistryTree((tree) => {
        tree.image("n", { tag: "v1" });
        nodeDisk.write(indexFile(tree.context), text);
        runJob(tree.context, "index");
        assert.equal(readIndex(tree.context).tags.length, 1);
      });
    });
  }
});
