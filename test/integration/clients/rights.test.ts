import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { crane as craneProgram } from "../../support/goPrograms";
import { casesOf } from "../../support/rights/cases";
import { complaint, fill, listComplaint, loginComplaint } from "../../support/rights/judge";
import { crane, debianPrograms } from "../../support/rights/programs";
import { type RightsRegistry, rightsRegistry } from "../../support/rights/registry";

const { docker, podman, skopeo, ctr } = debianPrograms;
/** One of each kind that is there at once: Buildah asks as Podman does. */
const programs = { docker, podman, skopeo, ctr, crane };

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
