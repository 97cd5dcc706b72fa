import type { Options } from "../options";
import type { Metric } from "../report";
import type { Target } from "../targets/target";

/** What every measure gets. */
export interface Bench {
  readonly options: Options;
  /** Baselines and ours, in the order in which a round asks them. */
  readonly targets: readonly Target[];
  /** Folder in memory. */
  readonly folder: string;
  say(text: string): void;
}

/** A group of figures that are taken together. */
export interface Measure {
  readonly name: string;
  run(bench: Bench): Promise<Metric[]>;
}

export function ourTargetOf({ targets }: Bench): Target {
  const found = targets.find(({ name }) => name === "ours");
  if (found === undefined) throw new Error("ours is not among the targets");
  return found;
}

/** Runs `work` for each target in each round; every other round in the opposite order. */
export async function interleaved(
  { options, targets, say }: Bench,
  what: string,
  work: (target: Target, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < options.rounds; round++) {
    say(`${what}: round ${round + 1} of ${options.rounds}`);
    for (const target of round % 2 === 0 ? targets : [...targets].reverse()) await work(target, round);
  }
}

export interface Spent {
  /** Processor time of the servers, in milliseconds. */
  readonly cpuMs: number;
  readonly seconds: number;
}

/** Processor time that the target's servers spend on something, and how long it takes. */
export async function spent(target: Target, work: () => Promise<unknown>): Promise<Spent> {
  const [cpu, began] = [target.servers.cpu(), performance.now()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  return { cpuMs: (target.servers.cpu() - cpu) / 1000, seconds };
}
