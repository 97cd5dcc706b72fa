import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Versions and names that set-up depends on. In JSON, because doctor.mjs reads them with plain Node. */
export interface Pins {
  readonly node: number;
  readonly go: string;
  readonly engine: string;
  readonly oldestEngine: string;
  readonly registry: string;
  readonly debian: string;
  readonly standIns: {
    readonly base: string;
    readonly registry: string;
    readonly proxy: string;
    readonly acme: string;
    readonly waf: string;
  };
}

export const pins: Pins = JSON.parse(readFileSync(join(__dirname, "pins.json"), "utf8"));

/** Whether version `found` ("v3.259.0", "1.26", "go1.26.8") is at least `wanted`; false for what is no version. */
export function atLeast(found: string, wanted: string): boolean {
  const [a, b] = [numbers(found), numbers(wanted)];
  if (a.length === 0) return false;
  for (let i = 0; i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}
