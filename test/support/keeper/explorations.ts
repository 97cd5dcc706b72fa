import { brokenRules } from "./brokenRules";
import { type Bounds, type Scenario, takingAndLater } from "./model";
import { scenarios } from "./scenarios";

export interface Exploration {
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

/** What is explored with all rules in force, when nothing may be lost. */
export const explorations: readonly Exploration[] = [
  // First: some of them take as long as all others together.
  ...scenarios.map((scenario) =>
    named("two clients and a kill", scenario, { busy: (run, last) => run === last - 1, kills: 1 }),
  ),
  ...scenarios
    .filter(({ isSmall }) => isSmall)
    .map((scenario) =>
      named("two clients and a kill, and after it", scenario, { busy: takingAndLater, kills: 1 }),
    ),
  ...oneClientEach.map((scenario) =>
    named("a client and a kill", scenario, { busy: takingAndLater, kills: 1 }),
  ),
  ...brokenRules.map(({ scenario, bounds, disk }) => {
    return named("with all rules", scenario, { busy: bounds.busy, kills: 0, disk });
  }),
  ...oneClientEach.map((scenario) =>
    named("a client in every run", scenario, { busy: () => true, kills: 0 }),
  ),
];

function named(name: string, scenario: Scenario, bounds: Bounds): Exploration {
  return { name: `${name}: ${scenario.name}`, scenario, bounds };
}
