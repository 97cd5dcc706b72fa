import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { controlPath, filesPath } from "../../../components/docker/paths";
import { keeperPrepareScript } from "../../../components/keeper/keeperScripts";
import { at, moved, record, recorded, sh, useScriptFolder } from "../../support/scriptFolder";

useScriptFolder();

describe("the preparation of the keeper", () => {
  const prepare = (...standIns: string[]) =>
    sh(
      moved(keeperPrepareScript("new", 10001), { [controlPath]: at("control"), [filesPath]: at("files") }),
      record("chown"),
      ...standIns,
    );

  beforeEach(() => {
    for (const folder of ["control", "files", "files/new"]) mkdirSync(at(folder));
    writeFileSync(at("files/new/keeper.js"), "process.exit(0);\n");
  });

  test("makes the folders of the control volume, gives both volumes to the keeper, and has the files used", async () => {
    assert.deepEqual(await prepare(), { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(readdirSync(at("control")).sort(), ["answers", "audit", "flags", "requests", "state"]);
    assert.deepEqual(recorded(), [
      "chown 10001:10001 . requests answers state flags audit",
      "chown 10001:10001 .",
      "chown -R 10001:10001 new",
    ]);
    assert.equal(readlinkSync(at("files/current")), "new");
  });

  test("leaves the files in use until then to the jobs that still read them, and removes older ones", async () => {
    for (const folder of ["one", "two"]) mkdirSync(at("files", folder));
    symlinkSync("two", at("files/current"));
    assert.equal((await prepare()).status, 0);
    assert.deepEqual(readdirSync(at("files")).sort(), ["current", "new", "two"]);
    assert.equal((await prepare()).status, 0, "the same once more");
    assert.deepEqual(readdirSync(at("files")).sort(), ["current", "new"]);
  });

  test("refuses an image without what the keeper needs, and says which, before anything is in use", async () => {
    for (const program of ["node", "flock"]) {
      const { status, stderr } = await prepare(`command() { if [ "$2" = ${program} ]; then return 1; fi; }`);
      assert.equal(status, 1);
      assert.equal(
        stderr,
        `the image of the keeper has no program named ${program}: leave keeperImage out, or set keeper.enabled to false\n`,
      );
    }
    assert.ok(!existsSync(at("files/current")));
  });

  test("refuses a program that the image's Node cannot read", async () => {
    writeFileSync(at("files/new/keeper.js"), "let = of the future;\n");
    assert.notEqual((await prepare()).status, 0);
    assert.ok(!existsSync(at("files/current")));
  });
});
