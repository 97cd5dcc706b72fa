import { explorations } from "./explorations";
import { exploreScenario } from "./model";
import { Violation } from "./violation";

/** What came of one exploration. */
export interface Outcome {
  readonly name: string;
  readonly states: number;
  /** What of a processor's time it took. */
  readonly seconds: number;
  /** What was found that must not be. */
  readonly violation?: string;
}

function outcomeOf(number: number): Outcome {
  const exploration = explorations[number];
  if (exploration === undefined) throw new Error(`there is no exploration ${number}`);
  const { name, scenario, bounds } = exploration;
  try {
    const states = exploreScenario(scenario, bounds);
    return { name, states, seconds: secondsSoFar() };
  } catch (error) {
    if (error instanceof Violation)
      return { name, states: 0, seconds: secondsSoFar(), violation: error.message };
    throw error;
  }
}

function secondsSoFar(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1e6);
}

// A process of its own, as explorations need a processor and much memory each.
process.stdout.write(JSON.stringify(outcomeOf(Number(process.argv[2]))));
