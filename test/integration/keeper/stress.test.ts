import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { complaints, stressWithClients, summaryOf } from "../../support/keeperStress/withClients";

describe("collections of a registry that people push to and pull from", () => {
  it("lose nothing, fail no pull, and leave exactly what is referenced, even if some are killed", async (test) => {
    const result = await stressWithClients({
      seed: "1",
      collections: 10,
      killEvery: 4,
      tags: 1100,
      port: 18720,
      say: (line) => test.diagnostic(line),
    });
    test.diagnostic(summaryOf(result));
    assert.deepEqual(complaints(result), []);
    assert.ok(result.verdict.tags > 1000, `${result.verdict.tags} tags`);
    for (const client of ["docker", "containerd", "skopeo", "plain"])
      for (const kind of ["push", "pull"])
        assert.ok((result.tally.operations.get(`${client} ${kind}`) ?? 0) > 0, `${client} ${kind}`);
  });
});
