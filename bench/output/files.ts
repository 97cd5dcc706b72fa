import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "../options";
import type { Report } from "../report";
import { picture } from "./picture";

/** Writes latest.json and latest.svg, or scale.json. */
export function writeResults(report: Report, { results: folder, scale }: Options): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, scale ? "scale.json" : "latest.json");
  writeFileSync(file, `${JSON.stringify(report, rounded, 2)}\n`);
  if (scale) return;
  writeFileSync(join(folder, "latest.svg"), picture(report));
}

/** More digits than five say nothing, and make the file long. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
