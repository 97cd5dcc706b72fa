import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brokenRules } from "../../support/keeper/brokenRules";
import { explorations } from "../../support/keeper/explorations";
import { type Bounds, exploreScenario, type Scenario } from "../../support/keeper/model";
import { scenarios } from "../../support/keeper/scenarios";
import { Violation } from "../../support/keeper/violation";

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

  test("when an index is pushed for a child that is taken, and the child as well by another client, and the keeper is killed", () => {
    const name = "two clients and a kill: an index is pushed for a child that is taken";
    const found = explorations.find((each) => each.name === name);
    assert.ok(found && exploreScenario(found.scenario, found.bounds) > 1000);
  });

  for (const { scenario, disk } of brokenRules) {
    test(`when ${scenario.name}`, () => {
      assert.ok(exploreScenario(scenario, { busy: () => true, kills: 0, disk }) > 0);
    });
  }
});

// The proof that orders may be left out, as comments in choices.ts and clashes.ts argue.
describe("orders that are left out lead nowhere else", () => {
  const small = ["a push stands still for longer", "a tag is pushed again", "a manifest is pushed whose"];
  const chosen = explorations.filter(
    ({ name }) =>
      small.some((start) => name.startsWith(`with all rules: ${start}`)) ||
      name === "a client and a kill: an index is pushed for a child that is taken (2)",
  );
  for (const { name, scenario, bounds } of chosen) {
    test(`in ${name}`, (context) => {
      const [some, all] = [false, true].map((everyOrder) => endsOf(scenario, { ...bounds, everyOrder }));
      context.diagnostic(`${some?.states} of ${all?.states} states`);
      assert.ok(some && all && some.states < all.states);
      assert.deepEqual(some.ends, all.ends);
    });
  }
});

/** All that there can be in the end, but for when requests began. */
function endsOf(scenario: Scenario, bounds: Bounds): { states: number; ends: Set<string> } {
  const ends = new Set<string>();
  const end: Bounds["end"] = (worlds) => {
    for (const { disk, tags, clients, kills } of worlds) {
      const at = clients.map(({ request, operation }) => `${request}.${operation}`);
      ends.add(`${disk.fingerprint()} ${[...tags].sort()} ${at} ${kills}`);
    }
  };
  return { states: exploreScenario(scenario, { ...bounds, end }), ends };
}

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
