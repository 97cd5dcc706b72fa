import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { runJob } from "../../../components/keeper/program/jobs";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { stateFile } from "../../../components/keeper/program/stateFile";
import { MemoryDisk } from "../../support/keeper/memoryDisk";
import { inRegistryTree } from "../../support/registryTree";

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "keeper-disk-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a file that could not be written", () => {
  test("leaves nothing, and what was there before", () => {
    inFolder((folder) => {
      const path = join(folder, "file");
      nodeDisk.write(path, "before");
      // The name by which it is written first leads to where nothing can be written, as on a full disk.
      symlinkSync(folder, `${path}.${process.pid}.new`);
      assert.throws(() => nodeDisk.write(path, "text"), /EISDIR/);
      assert.deepEqual(readdirSync(folder), ["file"]);
      assert.equal(readFileSync(path, "utf8"), "before");
    });
  });

  test("leaves nothing either if it cannot have its name", () => {
    inFolder((folder) => {
      mkdirSync(join(folder, "file"));
      assert.throws(() => nodeDisk.write(join(folder, "file"), "text"), /EISDIR/);
      assert.deepEqual(readdirSync(folder), ["file"]);
    });
  });
});

test("what a job that was killed has left half written goes after an hour", () => {
  inRegistryTree((tree) => {
    const { controlFolder } = tree.context.settings;
    const { trash } = tree.layout;
    const left = [
      stateFile(tree.context, "candidates.json.17.new"),
      `${controlFolder}/flags/quota-0.17.new`,
      `${controlFolder}/backup/list.jsonl.17.new`,
      `${trash}/clock.17.new`,
      `${trash}/link-0123456789abcdef`,
      `${trash}/repair-0123456789abcdef`,
    ];
    const kept = [
      stateFile(tree.context, "candidates.json"),
      // Of the shell, which writes over it.
      `${controlFolder}/backup/wanted.new`,
      `${trash}/reserve`,
    ];
    for (const path of [...left, ...kept]) {
      tree.write(path, "text");
      tree.age(path, 3500);
    }
    runJob(tree.context, "tidy");
    for (const path of [...left, ...kept]) assert.ok(existsSync(path), path);
    for (const path of [...left, ...kept]) tree.age(path, 3700);
    runJob(tree.context, "tidy");
    for (const path of left) assert.ok(!existsSync(path), path);
    for (const path of kept) assert.ok(existsSync(path), path);
  });
});

describe("what is not there", () => {
  for (const [name, disk] of [
    ["the real disk", nodeDisk],
    ["that of the model", new MemoryDisk()],
  ] as const) {
    test(`neither moves nor gets a second name, nor the folder for it, on ${name}`, () => {
      inFolder((folder) => {
        const to = join(folder, "of", "a", "name");
        assert.equal(disk.link(join(folder, "absent"), to), false);
        assert.equal(disk.move(join(folder, "absent"), to), false);
        assert.equal(disk.stat(dirname(dirname(to))), undefined);
      });
    });

    test(`is told from what is, on ${name}`, () => {
      inFolder((folder) => {
        const [from, to, other] = ["from", "of/a/name", "of/another/name"].map((path) => join(folder, path));
        assert.ok(from && to && other);
        disk.write(from, "text");
        assert.equal(disk.link(from, to), true);
        assert.equal(disk.link(from, to), false);
        assert.equal(disk.move(to, other), true);
        assert.equal(disk.read(other), "text");
      });
    });
  }
});
