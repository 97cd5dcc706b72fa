import { ours, type Report, type Result } from "../report";
import type { Spread } from "../statistics";

const columns = ["seed", "native", "plain"] as const;

/** The report as a table in Markdown, which reads well on a terminal too. */
export function table(report: Report): string {
  const head = ["What", "Unit", "Ours", ...columns.flatMap((name) => [name, `ours/${name}`]), "Goals"];
  const compared = report.results.filter(({ detail, medians }) => !detail && medians[ours] !== undefined);
  const rows = compared.map((result) => [
    result.title,
    result.unit,
    number(result.medians[ours]),
    ...columns.flatMap((name) => [number(result.medians[name]), spreadText(result.ratios[name])]),
    goalsText(result),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`;
  return line(head) + rule + rows.map(line).join("") + machineLines(report);
}

/** What the machine itself does, with nothing of anybody's to compare. */
function machineLines({ results }: Report): string {
  const own = results.filter(({ medians }) => medians.machine !== undefined);
  const lines = own.map(({ title, unit, medians }) => `${title}: ${number(medians.machine)} ${unit}\n`);
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}

/** Three figures that count. */
export function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "";
  if (value !== 0 && Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString("en");
}

/** Median of the rounds, then the least and the greatest. */
export function spreadText(ratio: Spread | undefined): string {
  if (ratio === undefined || !Number.isFinite(ratio.median)) return "";
  const [middle, least, most] = [ratio.median, ratio.least, ratio.most].map((value) => value.toFixed(2));
  return least === most ? `${middle}` : `${middle} (${least} to ${most})`;
}

/** Such as "met: 0.57, at most 0.6 of seed". */
function goalsText({ verdicts }: Result): string {
  return verdicts
    .map(({ over, atMost, atLeast, figure, met }) => {
      const limit = atMost === undefined ? `at least ${number(atLeast)}` : `at most ${number(atMost)}`;
      return `${met ? "met" : "MISSED"}: ${number(figure)}, ${limit}${over === undefined ? "" : ` of ${over}`}`;
    })
    .join("; ");
}
