import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../report";
import { picture } from "./picture";

/** Writes latest.json and latest.svg. */
export function writeResults(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "latest.json"), `${JSON.stringify(report, rounded, 2)}\n`);
  writeFileSync(join(folder, "latest.svg"), picture(report));
}

/** More digits than five say nothing, and make the file long. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
