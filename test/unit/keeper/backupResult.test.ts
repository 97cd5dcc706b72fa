import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { openAnswer } from "../../../components/keeper/program/answers";
import { noteBackup } from "../../../components/keeper/program/backupResult";
import { blobData } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { isolate } from "../../../components/keeper/program/quarantine";
import { noteRepair } from "../../../components/keeper/program/repair";
import { readStatus } from "../../../components/keeper/program/status";
import { keeperRefusal } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const id = "0123456789abcdef0123456789abcdef";
const summary = JSON.stringify({
  message_type: "summary",
  data_added_packed: 2048,
  total_bytes_processed: 3 * 2 ** 20,
});
const size = JSON.stringify({ total_size: 2 ** 21 });

/** Writes what the container of backups has found, and answers what a person is told for it. */
function told(tree: RegistryTree, result: string, note = noteBackup) {
  const { controlFolder } = tree.context.settings;
  const folder = openAnswer(nodeDisk, tree.context.settings, id, "alice");
  folder.say("begun");
  nodeDisk.removeFile(`${controlFolder}/answers/${id}/status`);
  mkdirSync(`${controlFolder}/backup/blobs`, { recursive: true });
  writeFileSync(`${controlFolder}/backup/result`, result);
  note(tree.context, id);
  const read = (name: string) => nodeDisk.read(`${controlFolder}/answers/${id}/${name}`) ?? "";
  return { text: read("text"), status: read("status"), json: JSON.parse(read("json")) };
}

describe("what becomes of a backup", () => {
  test("is its size, and that more must be kept, for whoever asked and in the status", () => {
    inRegistryTree((tree) => {
      const { text, status } = told(tree, `n ok\n${summary}\n${size}\n\n`);
      assert.match(
        text,
        /^3\.0 MiB of images, 2\.0 KiB of it new; 2\.0 MiB in the backups\nIt is worth nothing without/,
      );
      assert.equal(status, "0");
      const { runs, problem } = readStatus(tree.context);
      assert.deepEqual([runs.backup?.ok, problem], [true, undefined]);
    });
  });

  test("is a problem until the next one that succeeds, with the last that did", () => {
    inRegistryTree((tree) => {
      const { text, status } = told(tree, "n failed\nFatal: wrong password\n");
      assert.equal(text, "the backup failed: Fatal: wrong password; there is none yet\n");
      assert.equal(status, "1");
      assert.match(readStatus(tree.context).problem ?? "", /wrong password/);
      told(tree, `n ok\n${summary}\n${size}\n\n`);
      assert.equal(readStatus(tree.context).problem, undefined);
      const again = told(tree, "n failed\n\n").text;
      assert.match(
        again,
        /^the backup failed: nobody knows why; the last one is of \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/,
      );
    });
  });

  test("is told with what went wrong behind it, and without a size where restic did not say it", () => {
    inRegistryTree((tree) => {
      const { text, status, json } = told(tree, `n ok\n${summary}\n{}\nolder ones did not go\n`);
      assert.match(text, /^3\.0 MiB of images, 2\.0 KiB of it new\nolder ones did not go\n/);
      assert.deepEqual([status, json.problem], ["1", "older ones did not go"]);
      assert.equal(readStatus(tree.context).problem, "older ones did not go");
    });
  });

  test("is nothing that the keeper makes up", () => {
    inRegistryTree((tree) => {
      assert.throws(() => told(tree, "n half"), /has not said how it ended/);
      assert.match(keeperRefusal(tree, "backup"), /^there are no backups of this registry: name a target/);
      assert.match(keeperRefusal(tree, "repair"), /^there are no backups of this registry/);
    });
  });
});

describe("a repair from a backup", () => {
  /** A registry whose layer "one" is in quarantine; `brought` is what a backup has of it. */
  const withDamage = (brought: string | undefined, body: (tree: RegistryTree, digest: string) => void) =>
    inRegistryTree((tree) => {
      tree.image("team/app", { tag: "1", layers: ["one"] });
      const { digest } = tree.layer("team/app", "one");
      const path = blobData(tree.layout, digest);
      writeFileSync(path, "onf");
      const seen = nodeDisk.stat(path);
      assert.ok(seen && isolate(nodeDisk, tree.layout, digest, seen));
      const folder = `${tree.context.settings.controlFolder}/backup/blobs`;
      mkdirSync(folder, { recursive: true });
      if (brought !== undefined) writeFileSync(`${folder}/${digest.slice(7)}`, brought);
      body(tree, digest);
    });
  const repaired = (tree: RegistryTree, result = "n ok\n") => told(tree, result, noteRepair);

  test("puts the blob where it was, and leaves nothing else", () => {
    withDamage("one", (tree, digest) => {
      const { text, status } = repaired(tree);
      assert.deepEqual([text, status], ["1 blob repaired\n", "0"]);
      assert.equal(nodeDisk.read(blobData(tree.layout, digest)), "one");
      assert.deepEqual(nodeDisk.names(`${tree.context.settings.controlFolder}/backup/blobs`), []);
      assert.equal(repaired(tree).text, "nothing is damaged\n");
    });
  });

  test("takes nothing that is not what its digest says, and names the tags that go without", () => {
    for (const brought of ["onf", undefined])
      withDamage(brought, (tree, digest) => {
        const { text, status, json } = repaired(tree);
        assert.equal(text, `no backup has ${digest}, which team/app:1 needs\n0 blobs repaired\n`);
        assert.deepEqual([status, json.missing], ["1", [digest]]);
        assert.equal(nodeDisk.stat(blobData(tree.layout, digest)), undefined);
      });
  });

  test("says why there was none", () => {
    withDamage("one", (tree) => {
      assert.equal(repaired(tree, "n failed\nno route\n").text, "nothing was repaired: no route\n");
    });
  });
});
