import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const file = resolve(__dirname, "../../../docs/proofs.md");

/** Writes the last result of a long test into its row, which is new if there is none. */
export function noteProof(name: string, commit: string, result: string): void {
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(
    file,
    withProof(readFileSync(file, "utf8"), name, `| ${name} | ${date} | ${commit} | ${result} |`),
  );
}

/** The text with this row in place of the one of the same name. */
export function withProof(text: string, name: string, row: string): string {
  const lines = text.trimEnd().split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${name} |`));
  const all = at === -1 ? [...lines, row] : lines.map((line, index) => (index === at ? row : line));
  return `${all.join("\n")}\n`;
}
