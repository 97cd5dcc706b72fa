import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { programs } from "../../support/rights/matrix";

const page = readFileSync(resolve(__dirname, "../../../docs/people.md"), "utf8");
const table = page.slice(page.indexOf("| Client |")).split("\n\n")[0] ?? "";
const rows = table
  .split("\n")
  .slice(2)
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .map(([, clients = "", refused = "", reason = ""]) => ({ clients: clients.split(", "), refused, reason }));

test("the page about people has a row for each program that the matrix tries, and says what was seen", () => {
  for (const { title, refusal, hides } of Object.values(programs)) {
    const row = rows.find(({ clients }) => clients.includes(title));
    assert.ok(row, title);
    for (const [, message = ""] of row.refused.matchAll(/`([^`]+)`/g)) assert.match(message, refusal, title);
    const reason = hides?.push ? "no" : hides?.pull ? "not where it pulls" : "yes";
    assert.equal(row.reason, reason, title);
  }
  const titles = Object.values(programs).map(({ title }) => title);
  assert.deepEqual(
    rows.flatMap(({ clients }) => clients).filter((client) => !titles.includes(client)),
    [],
  );
});
