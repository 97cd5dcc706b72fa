import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Progress, progressFolder, readProgress } from "./walk";

/** The walks of one commit in a line: seeds, steps, kinds, what they found, the longest gap. */
export function summaryOf(commit: string): string {
  const walks = readdirSync(progressFolder)
    .filter((name) => /^walk-[a-z0-9]+\.json$/.test(name))
    .map((name) => readProgress(join(progressFolder, name)))
    .filter((progress): progress is Progress => progress?.commit === commit);
  const records = walks.flatMap(({ records }) => records);
  const faults = new Set(records.filter(({ violation }) => violation).map(({ kind }) => kind));
  const longest = Math.max(0, ...records.filter(({ taken }) => !taken).map(({ gapSeconds }) => gapSeconds));
  const seeds = walks.map(({ seed, records }) => `${seed} (${records.length})`).join(", ");
  const kinds = new Set(records.map(({ kind }) => kind)).size;
  const found = faults.size === 0 ? "no fault found" : `faults found: ${[...faults].join("; ")}`;
  return `seeds ${seeds}: ${records.length} steps of ${kinds} kinds, ${found}; longest gap ${longest.toFixed(1)} s`;
}
