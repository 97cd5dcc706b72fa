import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { addUpScript } from "../../../components/proxy/proxyScripts";

const folder = mkdtempSync(join(tmpdir(), "private-registry-add-up-"));
const [lines, totals] = [join(folder, "counts.log"), join(folder, "counts.totals")];

after(() => rmSync(folder, { recursive: true, force: true }));

function addUp(): string[] {
  const script = addUpScript().replaceAll("/tmp/counts", join(folder, "counts"));
  const { status, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return readFileSync(totals, "utf8").trimEnd().split("\n").slice(1).sort();
}

test("requests are added up by action, status, login and time, and the bytes of images", () => {
  writeFileSync(
    lines,
    "login 200 ok 0.010 0\nlogin 200 ok 0.002 0\npull 200 ok 0.011 500\npull 404 ok 700.5 20\n",
  );
  assert.deepEqual(addUp(), [
    "bytes pull 520",
    "login 200 ok 0.01 2",
    "pull 200 ok 0.1 1",
    "pull 404 ok +Inf 1",
    "time login 12",
    "time pull 700511",
  ]);
});

test("a line counts once, and half of one when it is whole", () => {
  const before = addUp();
  assert.deepEqual(addUp(), before);
  appendFileSync(lines, "login 200 ok 0.001 0\nlogin 20");
  assert.ok(addUp().includes("login 200 ok 0.01 3"));
  appendFileSync(lines, "0 ok 0.001 0\n");
  assert.ok(addUp().includes("login 200 ok 0.01 4"));
});

test("a file that was emptied is read from its beginning", () => {
  writeFileSync(lines, "login 200 ok 0.001 0\n");
  assert.ok(addUp().includes("login 200 ok 0.01 5"));
});

test("what was added up gives its memory back, and none of the rest", () => {
  const times = 60_000;
  for (let round = 1; round <= 4; round++) {
    appendFileSync(lines, `${"login 200 ok 0.001 0\n".repeat(times)}login 2`);
    assert.ok(addUp().includes(`login 200 ok 0.01 ${5 + round * (times + 1) - 1}`), `round ${round}`);
    appendFileSync(lines, "00 ok 0.001 0\n");
  }
  addUp();
  const { size, blocks } = statSync(lines);
  assert.ok(size > 5e6 && blocks * 512 < 3e6, `${size} bytes, ${blocks} blocks`);
});
