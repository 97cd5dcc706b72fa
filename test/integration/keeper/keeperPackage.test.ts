import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { keeperProgram } from "../../../components/keeper/keeperProgram";
import { output, run } from "../../../tools/shell";

describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "keeper-package-"));
  const inPackage = (...path: string[]) => join(folder, "package/dist/components", ...path);

  before(async () => {
    // Packing builds.
    await output(["npm", "pack", "--pack-destination", folder], { cwd: resolve(__dirname, "../../..") });
    await output(["sh", "-c", "tar -xzf *.tgz"], { cwd: folder });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("has the keeper's program as a clone makes it, and hands that out without esbuild", async () => {
    const built = readFileSync(inPackage("keeper/keeper.js"), "utf8");
    assert.equal(built, keeperProgram());
    const script = `process.stdout.write(require(${JSON.stringify(inPackage("keeper/keeperProgram.js"))}).keeperProgram())`;
    assert.equal(await output(["node", "-e", script], { cwd: folder }), built.trim());
  });

  test("has a program that runs with nothing beside it", async () => {
    writeFileSync(join(folder, "keeper.js"), readFileSync(inPackage("keeper/keeper.js")));
    writeFileSync(join(folder, "settings.json"), "{}");
    const { status, stderr } = await run(["node", "keeper.js", "settings.json", "no-such-job"], {
      cwd: folder,
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /no-such-job/);
    assert.doesNotMatch(stderr, /\n\s+at /, "no trace of a program that broke off");
  });
});
