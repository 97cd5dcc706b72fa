// The house in figures: node tools/figures.mjs [FOLDER]. FOLDER is another checkout, to compare with: it needs no
// dependencies of its own. Copies are found by jscpd, which is not among ours: npx fetches it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import ts from "typescript";

const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const folders = ["components", "infra", "tools", "bench", "test"];

const checkout = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(checkout);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** Lines with code, those of the braces as well: text over many lines is one. */
function linesOf(node, source) {
  const lines = new Set();
  const visit = (child) => {
    const tokens = child.getChildren(source);
    if (tokens.length === 0 && child.getText(source) !== "")
      lines.add(source.getLineAndCharacterOfPosition(child.getStart(source)).line);
    tokens.forEach(visit);
  };
  visit(node);
  return lines.size;
}

function longestFunction(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  let longest = 0;
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) longest = Math.max(longest, linesOf(node.body, source) - 2);
    node.forEachChild(visit);
  };
  visit(source);
  return { name: file, length: longest };
}

function sizes(folder) {
  const files = sourcesIn(folder);
  const lengths = files.map((name) => ({ name, length: readFileSync(name, "utf8").split("\n").length - 1 }));
  const last = (all) => all.reduce((most, each) => (each.length > most.length ? each : most));
  const shown = ({ name, length }) => `${length} (${name.slice(folder.length + 1)})`;
  return {
    files: files.length,
    lines: lengths.reduce((sum, { length }) => sum + length, 0),
    "median file": median(lengths.map(({ length }) => length)),
    "longest file": shown(last(lengths)),
    "longest function": shown(last(files.map(longestFunction))),
  };
}

async function imports() {
  const ruled = { ...options, ruleSet: { forbidden }, validate: true };
  const { output } = await cruise(folders, ruled, {}, {});
  const ours = output.modules.filter(({ source }) => folders.includes(source.split("/")[0]));
  const between = new Set(
    ours.flatMap(({ source, dependencies }) =>
      dependencies
        .map(({ resolved }) => [dirname(source), dirname(resolved)])
        .filter(([from, to]) => from !== to && folders.includes(to.split("/")[0]))
        .map(([from, to]) => `${from} > ${to}`),
    ),
  );
  const broken = (wanted) => output.summary.violations.filter(({ rule }) => wanted.test(rule.name)).length;
  return {
    modules: ours.length,
    folders: new Set(ours.map(({ source }) => dirname(source))).size,
    "imports between folders": between.size,
    "circular imports": broken(/^no-circle$/),
    "imports against the order of folders": broken(/-imports-only-/),
    "the SDK at run time in pure files": broken(/^pure-/),
  };
}

/** Places that share five lines and 40 tokens with another place. */
function copies() {
  const output = mkdtempSync(join(tmpdir(), "private-registry-copies-"));
  const settings = ["--min-lines", "5", "--min-tokens", "40", "--reporters", "json", "--output", output];
  const { status } = spawnSync("npx", ["--yes", "jscpd@4.3.0", ...settings, ...folders]);
  if (status !== 0) return { copies: "not counted: npx jscpd did not run" };
  const { duplicates } = JSON.parse(readFileSync(join(output, "jscpd-report.json"), "utf8"));
  rmSync(output, { recursive: true });
  const inTests = duplicates.filter(({ firstFile }) => firstFile.name.startsWith("test/")).length;
  return { copies: duplicates.length - inTests, "copies in test": inTests };
}

console.table(Object.fromEntries(folders.map((folder) => [folder, sizes(folder)])));
console.table({ ...(await imports()), ...copies() });
