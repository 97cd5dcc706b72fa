import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../../tools/shell";
import { defaultResults, type Options } from "../options";
import type { Report } from "../report";
import { updatePage } from "./page";
import { picture } from "./picture";
import { scaleTable } from "./scaleTable";
import { table } from "./table";

/** Writes latest.json and latest.svg, or scale.json; a whole run into the usual folder goes into the page too. */
export async function writeResults(report: Report, options: Options): Promise<string> {
  const { results: folder, scale, quick, only } = options;
  mkdirSync(folder, { recursive: true });
  const text = scale ? scaleTable(report) : table(report);
  // As the linter wants it: the file is committed.
  const format = ["node_modules/.bin/biome", "format", "--stdin-file-path=report.json"];
  const json = await output(format, { input: JSON.stringify(report, rounded, 2) });
  writeFileSync(join(folder, scale ? "scale.json" : "latest.json"), `${json}\n`);
  if (!scale) writeFileSync(join(folder, "latest.svg"), picture(report));
  const whole = !quick && only.length === 0 && report.failures.length === 0;
  if (whole && folder === defaultResults) updatePage(scale ? "scale" : "table", report, text);
  return text;
}

/** More digits than five say nothing, and make the file long. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
