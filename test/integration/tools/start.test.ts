import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { it } from "node:test";

const loadedOf = `
process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))));
require("./tools/main.ts");
`;

it("a command begins without the SDK and the compiler, which take longer to load than all of ours", () => {
  const args = ["--require", "tsx/cjs", "-e", loadedOf, "main.ts", "no-such-command"];
  const cwd = resolve(__dirname, "../../..");
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  assert.match(stderr, /unknown command "no-such-command"/);
  const loaded: string[] = JSON.parse(stdout);
  const ours = loaded.filter((file) => !file.includes("/node_modules/"));
  assert.ok(ours.length > 50, `only ${ours.length} files of ours`);
  assert.deepEqual(
    loaded.filter((file) => /\/node_modules\/(@pulumi|typescript)\//.test(file)),
    [],
  );
});
