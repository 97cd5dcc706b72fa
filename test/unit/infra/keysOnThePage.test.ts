import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { keysBeside, passwordKey } from "../../../infra/keysBeside";

test("the reference has each key beside the settings, and no other", () => {
  const page = readFileSync(resolve(__dirname, "../../../docs/reference.md"), "utf8");
  const [, table = ""] = page.split("Beside it, flat, are:\n\n");
  const [rows = ""] = table.split("\n\n");
  const named = [...rows.matchAll(/^\| `(.+?)` \|/gm)].map(([, key]) => key);
  assert.deepEqual(named.sort(), [passwordKey("<user>"), ...keysBeside].sort());
});
