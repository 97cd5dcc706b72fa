import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenRules, withBadSector } from "../../support/keeper/brokenRules";
import { Violation } from "../../support/keeper/explore";
import { exploreScenario } from "../../support/keeper/model";

// All scenarios, with kills: npm run test:long -- collection-model

for (const { rule, scenario, bounds, harm } of brokenRules) {
  test(`without its rule ${rule}, a collection harms an image`, () => {
    assert.throws(
      () => exploreScenario(scenario, bounds),
      (error) => error instanceof Violation && error.kind === harm,
    );
  });
}

/** Those of a and g take longer than all others together. */
const small = brokenRules.filter(({ rule }) => !/^[ag]:/.test(rule));

for (const { rule, scenario } of small) {
  test(`with all rules nothing is lost where ${scenario.name}`, (context) => {
    const disk = rule.startsWith("b:") ? withBadSector : undefined;
    const states = exploreScenario(scenario, { busyFrom: 1, kills: 0, disk });
    context.diagnostic(`${states} states`);
    assert.ok(states > 0);
  });
}
