import { readFileSync, writeFileSync } from "node:fs";
import { replaceMarked } from "../../tools/marks";
import type { Report } from "../report";

const page = "docs/performance.md";

/** Puts a table into the page, between the comments that mark its place. */
export function updatePage(mark: string, report: Report, table: string): void {
  const content = `${caption(report)}\n\n${table}`;
  writeFileSync(page, replaceMarked(readFileSync(page, "utf8"), mark, content));
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
