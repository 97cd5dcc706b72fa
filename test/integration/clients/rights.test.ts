import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { crane as craneProgram } from "../../support/goPrograms";
import { casesOf } from "../../support/rights/cases";
import { complaint, fill, listComplaint, loginComplaint } from "../../support/rights/judge";
import { programs as allPrograms } from "../../support/rights/matrix";
import { crane, debianPrograms } from "../../support/rights/programs";
import { type RightsRegistry, rightsRegistry } from "../../support/rights/registry";

const { docker, podman, skopeo, ctr } = debianPrograms;
/** One of each kind that is there at once: Buildah asks as Podman does. */
const programs = { docker, podman, skopeo, ctr, crane };

const page = readFileSync(resolve(__dirname, "../../../docs/people.md"), "utf8");
const table = page.slice(page.indexOf("| Client |")).split("\n\n")[0] ?? "";
const rows = table
  .split("\n")
  .slice(2)
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .map(([, clients = "", refused = "", reason = ""]) => ({ clients: clients.split(", "), refused, reason }));

/** The short form of `npm run test:long -- clients`. */
describe("a client of a registry where some may do this and others that", () => {
  let registry: RightsRegistry;

  before(async () => {
    registry = await rightsRegistry("rights", 18740);
    for (const program of await craneProgram()) await registry.machine.copyIn(program);
    await registry.use("nginx");
  });

  after(() => registry?.remove());

  for (const [name, program] of Object.entries(programs)) {
    assert.ok(program);
    describe(name, () => {
      before(() => fill(registry, name, program));

      for (const one of casesOf(name, program))
        it(one.title, async () => assert.equal(await complaint(registry, program, one), ""));

      if (program.login)
        it("logs in with the right password alone", async () =>
          assert.equal(await loginComplaint(registry, program), ""));

      if (program.list)
        it("lists what its user may pull", async () =>
          assert.equal(await listComplaint(registry, name, program), ""));
    });
  }
});

describe("the table of docs/people.md", () => {
  it("has a row for each program that the long test tries, and says what was seen", () => {
    for (const { title, refusal, hides } of Object.values(allPrograms)) {
      const row = rows.find(({ clients }) => clients.includes(title));
      assert.ok(row, title);
      for (const [, message = ""] of row.refused.matchAll(/`([^`]+)`/g))
        assert.match(message, refusal, title);
      const reason = hides?.push ? "no" : hides?.pull ? "not where it pulls" : "yes";
      assert.equal(row.reason, reason, title);
    }
    const titles = Object.values(allPrograms).map(({ title }) => title);
    assert.deepEqual(
      rows.flatMap(({ clients }) => clients).filter((client) => !titles.includes(client)),
      [],
    );
  });
});
