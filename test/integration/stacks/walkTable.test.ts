import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { everyPair } from "../../support/walk/euler";
import { kinds } from "../../support/walk/kinds";
import { withProof } from "../../support/walk/proofs";
import { randomOf } from "../../support/walk/random";
import { fitted } from "../../support/walk/settings";

describe("the random walk", () => {
  it("has at least 34 kinds, each with a name of its own", () => {
    const names = new Set(kinds.map(({ name }) => name));
    assert.equal(names.size, kinds.length);
    assert.ok(names.size >= 34, `${names.size} kinds`);
  });

  it("takes the same numbers from the same seed, and others from another", () => {
    const take = (seed: string) => {
      const random = randomOf(seed, 1);
      return Array.from({ length: 20 }, () => random.below(1000));
    };
    assert.deepEqual(take("a"), take("a"));
    assert.notDeepEqual(take("a"), take("b"));
  });

  it("has a way that takes each of the 20 changes of front once", () => {
    const way = everyPair(["a", "b", "c", "d", "e"]);
    const pairs = way.slice(1).map((to, index) => `${way[index]}${to}`);
    assert.equal(pairs.length, 20);
    assert.equal(new Set(pairs).size, 20);
    assert.ok(pairs.every(([from, to]) => from !== to));
  });

  it("takes out what a front does not accept, and says whom an external one trusts", () => {
    const settings = { front: "none", proxySnippet: "a", certificate: {}, waf: {}, realm: "R" };
    assert.deepEqual(fitted(settings, "192.0.2.1"), { front: "none", realm: "R" });
    assert.deepEqual(fitted({ front: "external", requireClientCertificates: true }, "192.0.2.1"), {
      front: "external",
      external: { trustedAddresses: ["192.0.2.1"] },
    });
  });

  it("writes a result in place of the earlier one of the same name", () => {
    const text = "| Name |\n| --- |\n| walk | old |\n| fronts | old |\n";
    assert.equal(
      withProof(text, "walk", "| walk | new |"),
      "| Name |\n| --- |\n| walk | new |\n| fronts | old |\n",
    );
    assert.equal(withProof("| Name |\n", "walk", "| walk | new |"), "| Name |\n| walk | new |\n");
  });
});
