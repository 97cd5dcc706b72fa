import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { faults, faultTables } from "../../support/faults/faults";

const page = readFileSync(resolve(__dirname, "../../../docs/faults.md"), "utf8");

test("docs/faults.md has the tables of the faults that are tried", () => {
  assert.ok(page.includes(faultTables()), "write the tables of faultTables() into docs/faults.md");
});

test("every fault has a name of its own", () => {
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
});

test("the tests that the page names are there", () => {
  const named = [...page.matchAll(/`([a-z]+\/\w+)` \|/g)].map(([, name]) => name);
  assert.ok(named.length > 5);
  for (const name of named)
    assert.ok(readFileSync(resolve(__dirname, `../${name}.test.ts`), "utf8").length > 0);
});
