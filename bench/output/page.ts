import { readFileSync, writeFileSync } from "node:fs";
import type { Report } from "../report";

const page = "docs/performance.md";

/** Puts a table into the page, between the comments that mark its place. */
export function updatePage(mark: string, report: Report, table: string): void {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const text = readFileSync(page, "utf8");
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  writeFileSync(page, `${before}${begin}\n${caption(report)}\n\n${table}${end}${after}`);
}

/** When, where and with what. */
export function caption({ date, machine, versions, commit, rounds, command, seconds }: Report): string {
  const { cpu, cores, memoryGiB, kernel } = machine;
  const parts = [
    `\`${command}\` on ${date.slice(0, 10)}, ${Math.ceil(seconds / 60)} minutes, ${rounds} rounds, commit ${commit}`,
    `${cores} cores of ${cpu}, ${memoryGiB} GiB, Linux ${kernel}`,
    `${versions.nginx}, ${versions.registry}, Docker ${versions.docker}, Pulumi ${versions.pulumi}, Node ${versions.node}`,
    `${versions.wrk}, ${versions.curl}, ${versions.openssl}`,
  ];
  return `${parts.join(".\n")}.`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${page} has no line "${mark}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
