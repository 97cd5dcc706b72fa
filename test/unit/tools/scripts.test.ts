import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { after, mock, test } from "node:test";
import { copyReadFiles } from "../../../tools/commands/build";
import { checkScripts } from "../../../tools/commands/lint";
import { makeContext } from "../../../tools/context";

const project = resolve(__dirname, "../../..");
const components = join(project, "components");
const folder = mkdtempSync(join(tmpdir(), "built-"));
after(() => rmSync(folder, { recursive: true }));

const namesIn = (path: string) => readdirSync(path, { recursive: true, encoding: "utf8" });

test("the package has every script of the library, in the place where the code looks for it", () => {
  copyReadFiles(components, folder);
  const scripts = namesIn(components).filter((name) => /\.(sh|js)$/.test(name));
  assert.ok(scripts.length > 25);
  for (const name of scripts) assert.ok(existsSync(join(folder, name)), name);
  const files = JSON.parse(readFileSync(join(project, "package.json"), "utf8")).files;
  assert.ok(files.includes("dist/components"));
});

test("no script is left over that nothing names", () => {
  const names = namesIn(components).filter((name) => /\.(ts|sh)$/.test(name));
  const texts = names.map((name) => readFileSync(join(components, name), "utf8")).join("\n");
  for (const name of namesIn(components).filter((path) => /\.(sh|js)$/.test(path))) {
    assert.ok(texts.includes(`"${basename(name)}"`) || texts.includes(`\n. ./${basename(name)}\n`), name);
  }
});

test("the package has none of what only the compiler reads", () => {
  copyReadFiles(components, folder);
  assert.ok(existsSync(join(components, "tsconfig.json")));
  for (const name of namesIn(folder)) assert.doesNotMatch(name, /\.ts$|tsconfig|shellcheckrc/);
});

test("a machine without a shell or ShellCheck is told what was not checked, and that is no failure", async () => {
  const said: string[] = [];
  const write = mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    assert.equal(await checkScripts(makeContext(project, undefined)), 0);
  } finally {
    process.env.PATH = path;
    write.mock.restore();
  }
  assert.match(said.join(""), /^Not checked: the syntax of the shell files/m);
  assert.match(said.join(""), /^Not checked: the shell files by ShellCheck/m);
});
