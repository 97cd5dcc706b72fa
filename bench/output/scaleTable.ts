import type { Report } from "../report";
import { number } from "./table";

/** Figures against what they grow with: one row each, as the points differ. */
export function scaleTable({ results }: Report): string {
  const rows = results.map(({ title, unit, medians }) => {
    const points = Object.entries(medians).map(([point, value]) => `${point}: ${number(value)}`);
    return `| ${title} | ${unit} | ${points.join(", ")} |\n`;
  });
  return `| What | Unit | Count: figure |\n| --- | --- | --- |\n${rows.join("")}`;
}
