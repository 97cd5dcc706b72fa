import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { loginOf, runStackScript } from "../../../tools/stackScript";

test("a script of a stack runs with its arguments and login, hands its exit code back, and leaves nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-script-"));
  const result = join(folder, "result");
  const text = `printf '%s\\n' "$0" "$REGISTRY_USERNAME" "$REGISTRY_PASSWORD" "$@" > ${result}\nexit 3\n`;
  try {
    const login = loginOf({ admin: "a", alice: "b" }, "alice");
    assert.equal(await runStackScript(text, ["--prove", "team/my app"], login), 3);
    const [script = "", ...said] = readFileSync(result, "utf8").trimEnd().split("\n");
    assert.deepEqual(said, ["alice", "b", "--prove", "team/my app"]);
    assert.ok(!existsSync(dirname(script)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
