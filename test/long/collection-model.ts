import { output } from "../../tools/shell";
import { type BrokenRule, brokenRules } from "../support/keeper/brokenRules";
import { Violation } from "../support/keeper/explore";
import { type Bounds, exploreScenario, type Scenario, takingAndLater } from "../support/keeper/model";
import { scenarios } from "../support/keeper/scenarios";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

interface Exploration {
  readonly name: string;
  readonly scenario: Scenario;
  readonly bounds: Bounds;
}

const oneClientEach = scenarios.flatMap(({ clients, ...scenario }) =>
  clients.map((client, index) => ({
    ...scenario,
    name: `${scenario.name} (${index + 1})`,
    clients: [client],
  })),
);

const explorations: readonly Exploration[] = [
  ...brokenRules.map(({ scenario, bounds, disk }) => {
    return { name: "with all rules", scenario, bounds: { busy: bounds.busy, kills: 0, disk } };
  }),
  ...oneClientEach.map((scenario) => {
    return { name: "a client in every run", scenario, bounds: { busy: () => true, kills: 0 } };
  }),
  ...scenarios.map((scenario) => {
    const busy = (run: number, last: number) => run === last - 1;
    return { name: "two clients", scenario, bounds: { busy, kills: 0 } };
  }),
  ...oneClientEach.map((scenario) => {
    return { name: "a client and a kill", scenario, bounds: { busy: takingAndLater, kills: 1 } };
  }),
];

/**
 * All that may happen while the keeper's own code collects: clients between any two of its steps, and a kill before any of
 * them. And each rule is left out once, when an image must come to harm.
 */
runLong(async (args) => {
  const { steps, until } = longOptions(args, { seed: "1", steps: explorations.length });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const harmless = brokenRules.filter((broken) => !harms(broken)).map(({ rule }) => rule.slice(0, 1));
  let [states, done] = [0, 0];
  const faults: string[] = [];
  for (const { name, scenario, bounds } of explorations.slice(0, steps)) {
    if (Date.now() >= until) break;
    const violation = violationIn(() => {
      const count = exploreScenario(scenario, bounds);
      states += count;
      say(`${name}: ${scenario.name}: ${count} states`);
    });
    if (violation !== undefined) {
      faults.push(`${name}: ${scenario.name}`);
      say(`${name}: ${scenario.name}: ${violation.message}`);
    }
    done += 1;
  }
  sayIfOver(done, steps, until, "npm run test:long -- collection-model, on a faster machine");
  const lost = faults.length === 0 ? "no image lost" : `faults: ${faults.join("; ")}`;
  const needed = harmless.length === 0 ? "each of 8 harms an image" : `${harmless.join(", ")} harm none`;
  noteProof(
    "collection-model",
    commit,
    `${done} of ${explorations.length} explorations, ${states} states, ${lost}; rules left out one by one: ${needed}`,
  );
  return faults.length === 0 && harmless.length === 0 ? 0 : 1;
});

function harms({ scenario, bounds, harm }: BrokenRule): boolean {
  return violationIn(() => exploreScenario(scenario, bounds))?.kind === harm;
}

function violationIn(body: () => void): Violation | undefined {
  try {
    body();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}
