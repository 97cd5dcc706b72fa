import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { output, start } from "../../tools/shell";
import { type BrokenRule, brokenRules } from "../support/keeper/brokenRules";
import { explorations } from "../support/keeper/explorations";
import type { Outcome } from "../support/keeper/exploreOne";
import { exploreScenario } from "../support/keeper/model";
import { Violation } from "../support/keeper/violation";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { progressFolder } from "../support/walk/walk";

const file = join(progressFolder, "collection-model.json");

/**
 * All that may happen while the keeper's own code collects: clients between any two of its steps, and a kill before any of
 * them. And each rule is left out once, when an image must come to harm.
 */
runLong(async (args) => {
  const { steps, until, resume } = longOptions(args, { seed: "1", steps: explorations.length });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const harmless = brokenRules.filter((broken) => !harms(broken)).map(({ rule }) => rule.slice(0, 1));
  const outcomes = await exploreAll(steps, until, resume ? readOutcomes() : []);
  sayIfOver(outcomes.length, steps, until, "npm run test:long -- collection-model --resume");
  const faults = outcomes.filter(({ violation }) => violation !== undefined);
  const states = outcomes.reduce((sum, each) => sum + each.states, 0);
  const seconds = outcomes.reduce((sum, each) => sum + each.seconds, 0);
  const lost = faults.length === 0 ? "no image lost" : `faults: ${faults.map(({ name }) => name).join("; ")}`;
  const needed = harmless.length === 0 ? "each of 8 harms an image" : `${harmless.join(", ")} harm none`;
  noteProof(
    "collection-model",
    commit,
    `${outcomes.length} of ${explorations.length} explorations, ${states} states in ${seconds} s of a processor, ${lost}; rules left out one by one: ${needed}`,
  );
  return faults.length === 0 && harmless.length === 0 ? 0 : 1;
});

/** One process for each processor, until all is explored or time is over. What is done is kept in a file. */
async function exploreAll(
  steps: number,
  until: number,
  earlier: readonly Outcome[],
): Promise<readonly Outcome[]> {
  mkdirSync(progressFolder, { recursive: true });
  const done = [...earlier];
  const waiting = explorations.flatMap(({ name }, number) =>
    number < steps && !done.some((outcome) => outcome.name === name) ? [number] : [],
  );
  const worker = async (): Promise<void> => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const outcome = await exploreUntil(number, until);
      if (outcome === undefined) return;
      say(`${outcome.name}: ${outcome.violation ?? `${outcome.states} states in ${outcome.seconds} s`}`);
      done.push(outcome);
      writeFileSync(file, JSON.stringify(done, undefined, 2));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return done;
}

/** Undefined if time is over before all is explored. */
async function exploreUntil(number: number, until: number): Promise<Outcome | undefined> {
  const program = join(__dirname, "../support/keeper/exploreOne.ts");
  const node = [process.execPath, "--max-old-space-size=6000", "--import", "tsx"];
  const { child, done } = start([...node, program, String(number)]);
  const timer = setTimeout(() => child.kill("SIGKILL"), Math.max(0, until - Date.now()));
  const { status, stdout, stderr } = await done;
  clearTimeout(timer);
  if (status === 0) return JSON.parse(stdout);
  if (Date.now() >= until) return undefined;
  throw new Error(`exploration ${number} ended with ${status}: ${stderr.slice(-2000)}`);
}

function readOutcomes(): readonly Outcome[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
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
