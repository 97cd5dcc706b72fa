import { median, type Spread, spread } from "./statistics";

/** What must hold of ours: of the ratio to a target's figure, or of the figure itself. */
export interface Goal {
  readonly over?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One figure: its values in each round, target by target. Values of the same index come from the same round. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly samples: { readonly [target: string]: readonly number[] };
  readonly goals?: readonly Goal[];
  /** Left out of the table: its samples are what counts. */
  readonly detail?: boolean;
}

/** A metric with what is computed from its samples. */
export interface Result extends Metric {
  readonly medians: { readonly [target: string]: number };
  /** Ours over each other target, round by round. */
  readonly ratios: { readonly [target: string]: Spread };
  readonly verdicts: readonly (Goal & { readonly figure: number; readonly met: boolean })[];
}

export interface Report {
  readonly date: string;
  readonly command: string;
  readonly commit: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly machine: { readonly [name: string]: string | number };
  readonly versions: { readonly [name: string]: string };
  readonly results: readonly Result[];
  /** What a measure could not do, and why. */
  readonly failures: readonly string[];
}

export const ours = "ours";

export function resultOf(metric: Metric): Result {
  const medians = mapValues(metric.samples, median);
  const own = metric.samples[ours] ?? [];
  const others = Object.entries(metric.samples).filter(([target]) => target !== ours);
  const ratios = Object.fromEntries(
    others.flatMap(([target, values]) => {
      const rounds = values.flatMap((value, round) => ratio(own[round], value));
      return rounds.length === 0 ? [] : [[target, spread(rounds)]];
    }),
  );
  const verdicts = (metric.goals ?? []).map((goal) => {
    const figure = (goal.over === undefined ? medians[ours] : ratios[goal.over]?.median) ?? Number.NaN;
    const met =
      figure <= (goal.atMost ?? Number.POSITIVE_INFINITY) &&
      figure >= (goal.atLeast ?? Number.NEGATIVE_INFINITY);
    return { ...goal, figure, met };
  });
  return { ...metric, medians, ratios, verdicts };
}

function ratio(own: number | undefined, other: number): number[] {
  return own === undefined || other === 0 ? [] : [own / other];
}

function mapValues<From, To>(all: { readonly [key: string]: From }, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, change(value)]));
}

/** Collects samples of several metrics over rounds. */
export class Samples {
  private readonly values: { [metric: string]: { [target: string]: number[] } } = {};

  add(metric: string, target: string, value: number): void {
    this.values[metric] ??= {};
    this.values[metric][target] ??= [];
    this.values[metric][target].push(value);
  }

  /** The samples under their titles; metrics without a sample are left out. */
  metrics(described: readonly Omit<Metric, "samples">[]): Metric[] {
    return described.flatMap((each) => {
      const samples = this.values[each.name];
      return samples === undefined ? [] : [{ ...each, samples }];
    });
  }
}
