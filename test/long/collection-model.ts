import { output } from "../../tools/shell";
import { type Bounds, exploreScenario, type Scenario, takingAndLater } from "../support/keeper/model";
import { scenarios } from "../support/keeper/scenarios";
import { limitMinutes, runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

interface Part {
  readonly name: string;
  readonly scenario: Scenario;
  readonly bounds: Bounds;
}

const oneEach = ({ clients, ...scenario }: Scenario): Scenario[] =>
  clients.map((client) => ({ ...scenario, clients: [client] }));

const parts: readonly Part[] = [
  ...scenarios.flatMap(oneEach).map((scenario) => ({
    name: "one client, who acts in every run",
    scenario,
    bounds: { busy: () => true, kills: 0 },
  })),
  ...scenarios.flatMap(oneEach).map((scenario) => ({
    name: "one client, and the collector is killed once",
    scenario,
    bounds: { busy: takingAndLater, kills: 1 },
  })),
  ...scenarios.map((scenario) => ({
    name: "two clients",
    scenario,
    bounds: { busy: (run: number, last: number) => run === last - 1, kills: 0 },
  })),
];

/** All that may happen while a collection runs: clients act between any two of its steps, and it is killed at any. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const until = Date.now() + limitMinutes * 60_000;
  let [states, done] = [0, 0];
  const failed: string[] = [];
  for (const { name, scenario, bounds } of parts) {
    if (Date.now() >= until) break;
    try {
      const count = exploreScenario(scenario, bounds);
      states += count;
      say(`${name}: ${scenario.name}: ${count} states`);
    } catch (error) {
      failed.push(`${name}: ${scenario.name}`);
      say(`${name}: ${scenario.name}: ${error}`);
    }
    done += 1;
  }
  if (done < parts.length)
    say(`${limitMinutes} minutes are over after ${done} of ${parts.length} explorations`);
  const result = failed.length === 0 ? "nothing lost" : `lost: ${failed.join("; ")}`;
  noteProof(
    "collection-model",
    commit,
    `${done} of ${parts.length} explorations, ${states} states: ${result}`,
  );
  return failed.length === 0 && done === parts.length ? 0 : 1;
});
