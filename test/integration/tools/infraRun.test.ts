import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, describe, it } from "node:test";

const shown = `
const run = require("./run.js");
const compiler = Object.keys(require.cache).some((file) => file.endsWith("typescript.js"));
console.log(JSON.stringify({ value: run.value, where: run.where, compiler }));
`;

describe("the program of the stack, run by infra/run.js", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-run-"));
  const program = join(folder, "infra");
  mkdirSync(program);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(dirname(require.resolve("typescript/package.json")), join(folder, "node_modules/typescript"));
  copyFileSync(resolve(__dirname, "../../../infra/run.js"), join(program, "run.js"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", shown], {
      cwd: program,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  const write = (value: string) =>
    writeFileSync(
      join(program, "index.ts"),
      `enum Kind {\n  One = "${value}",\n}\ninterface Unused {\n  readonly a: string;\n}\n` +
        `export const value: string = Kind.One;\nexport const where = new Error("here").stack;\n`,
    );

  it("is compiled once, and again when the source has changed", () => {
    write("first");
    const [first, again] = [run(), run()];
    assert.deepEqual([first.value, first.compiler], ["first", true]);
    assert.deepEqual([again.value, again.compiler], ["first", false]);
    write("other");
    const edited = run();
    assert.deepEqual([edited.value, edited.compiler], ["other", true]);
    write("first");
    assert.deepEqual([run().value, run().compiler], ["first", false]);
  });

  it("shows the lines of the sources in a trace, whether compiled now or earlier", () => {
    for (const { where } of [run(), run()]) assert.match(where, /^Error: here\n.*infra\/index\.ts:8:22/);
  });

  it("refuses a slip that the compiler would mend, with its file and line, and keeps nothing of it", () => {
    writeFileSync(join(program, "index.ts"), "export const a = 1;\nfunction f(x: string {\n  return x;\n}\n");
    const before = readdirSync(join(folder, "node_modules/.cache/private-registry"));
    for (const _ of [1, 2]) {
      const { status, stderr } = spawnSync(process.execPath, ["run.js"], { cwd: program, encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, /SyntaxError: .*infra\/index\.ts\(2,22\): error TS1005: ',' expected/);
    }
    assert.deepEqual(readdirSync(join(folder, "node_modules/.cache/private-registry")), before);
    write("first");
  });

  it("compiles again what was kept and is not whole", () => {
    const kept = join(folder, "node_modules/.cache/private-registry");
    run();
    for (const file of readdirSync(kept)) writeFileSync(join(kept, file), "");
    assert.deepEqual([run().value, run().compiler], ["first", false]);
    for (const file of readdirSync(kept)) truncateSync(join(kept, file), 200);
    assert.deepEqual([run().value, run().compiler], ["first", false]);
  });

  it("runs where nothing can be kept", () => {
    rmSync(join(folder, "node_modules/.cache"), { recursive: true });
    writeFileSync(join(folder, "node_modules/.cache"), "a file where the folder would be");
    assert.deepEqual([run().value, run().compiler], ["first", true]);
    assert.deepEqual(readdirSync(join(folder, "node_modules")).sort(), [".cache", "typescript"]);
  });
});
