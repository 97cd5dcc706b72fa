import { output } from "../../tools/shell";
import { type BrokenRule, brokenRules } from "../support/keeper/brokenRules";
import { Violation } from "../support/keeper/explore";
import { exploreScenario, type Scenario } from "../support/keeper/model";
import { scenarios } from "../support/keeper/scenarios";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

interface Explored {
  readonly states: number;
  readonly violation?: string;
}

/**
 * All that may happen while the keeper's own code collects: two clients between any two of its steps, and a kill before
 * any of them, in the last two of three runs. Then each rule is left out once, and an image must come to harm.
 */
runLong(async (args) => {
  const all = [
    ...brokenRules.map(({ scenario }) => ({ scenario, kills: 0 })),
    ...scenarios.map((scenario) => ({ scenario, kills: 0 })),
    ...scenarios.map((scenario) => ({ scenario, kills: 1 })),
  ];
  const { steps, until } = longOptions(args, { seed: "1", steps: all.length });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const harmless = brokenRules.filter((broken) => !harms(broken)).map(({ rule }) => rule.slice(0, 1));
  const explored: Explored[] = [];
  for (const { scenario, kills } of all.slice(0, steps)) {
    if (Date.now() >= until) break;
    const found = explore(scenario, kills);
    say(
      `${scenario.name}, ${kills} kills: ${found.states} states${found.violation ? `, ${found.violation}` : ""}`,
    );
    explored.push(found);
  }
  sayIfOver(explored.length, steps, until, "npm run test:long -- collection-model, on a faster machine");
  const states = explored.reduce((sum, found) => sum + found.states, 0);
  const faults = explored.filter(({ violation }) => violation !== undefined).length;
  noteProof(
    "collection-model",
    commit,
    `${explored.length} of ${all.length} explorations, ${states} states, ${faults === 0 ? "no image lost" : `${faults} faults`}; ` +
      `rules left out one by one: ${harmless.length === 0 ? "each of 8 harms an image" : `${harmless.join(", ")} harm none`}`,
  );
  return faults === 0 && harmless.length === 0 ? 0 : 1;
});

function explore(scenario: Scenario, kills: number): Explored {
  try {
    return { states: exploreScenario(scenario, { busyFrom: 2, kills }) };
  } catch (error) {
    if (error instanceof Violation) return { states: 0, violation: error.message };
    throw error;
  }
}

function harms({ scenario, bounds, harm }: BrokenRule): boolean {
  try {
    exploreScenario(scenario, bounds);
    return false;
  } catch (error) {
    if (error instanceof Violation) return error.kind === harm;
    throw error;
  }
}
