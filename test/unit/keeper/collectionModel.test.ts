import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brokenRules } from "../../support/keeper/brokenRules";
import { Violation } from "../../support/keeper/explore";
import { exploreScenario } from "../../support/keeper/model";
import { scenarios } from "../../support/keeper/scenarios";

// One client, who does something between the runs and in the one that takes; collection-model of the long tests has more.
describe("nothing is lost, whatever the order", () => {
  for (const { clients, ...scenario } of scenarios.filter(({ hasSubjects }) => hasSubjects !== true)) {
    test(`when ${scenario.name}`, (context) => {
      const states = clients.map((client) =>
        exploreScenario(
          { ...scenario, clients: [client] },
          { busy: (run, last) => run === last - 1, kills: 0 },
        ),
      );
      context.diagnostic(`${states.join(" and ")} states`);
      assert.ok(states.every((count) => count > 100));
    });
  }

  for (const { scenario, disk } of brokenRules) {
    test(`when ${scenario.name}`, () => {
      assert.ok(exploreScenario(scenario, { busy: () => true, kills: 0, disk }) > 0);
    });
  }
});

describe("each rule of a collection keeps something from happening: without it", () => {
  for (const { rule, scenario, bounds, harm } of brokenRules) {
    test(`${rule}, an image is ${harm} when ${scenario.name}`, () => {
      assert.throws(
        () => exploreScenario(scenario, bounds),
        (error) => error instanceof Violation && error.kind === harm,
      );
    });
  }
});
