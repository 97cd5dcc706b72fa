import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const TESTS = resolve(__dirname, "..");
const filesIn = (folder: string) =>
  readdirSync(join(TESTS, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(TESTS, folder, name));

/** What runs programs: Node's module, and ours of tools for tests. */
const programs = /"node:child_process"|\/tools\/(shell|temporaryStack)"/;

/** A file and those of `test` that it imports, at any depth. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    const target = `${join(dirname(file), path)}.ts`;
    if (target.startsWith(TESTS)) withImports(target, seen);
  }
  return seen;
}

test("unit and component tests run no program, so that they pass on a machine that has Node alone", () => {
  const files = [...filesIn("unit"), ...filesIn("component")];
  assert.ok(files.length > 40);
  const running = [...new Set(files.flatMap((file) => [...withImports(file)]))].filter(
    (file) => file !== __filename && programs.test(readFileSync(file, "utf8")),
  );
  assert.deepEqual(running, []);
});

test("no test is skipped", () => {
  const files = ["unit", "component", "integration", "support"].flatMap(filesIn);
  const skipping = files.filter(
    (file) => file !== __filename && /\bskip\b[:(]/.test(readFileSync(file, "utf8")),
  );
  assert.deepEqual(skipping, []);
});

test("no two files of integration tests publish the same port, so that they run side by side", () => {
  const files = filesIn("integration").filter((file) => file.endsWith(".test.ts"));
  const ports = files.flatMap((file) => [
    ...new Set(readFileSync(file, "utf8").match(/(?<![\d.])(18|21)\d{3}(?!\d)/g)),
  ]);
  assert.ok(ports.length > 30);
  assert.deepEqual(
    ports.filter((port, index) => ports.indexOf(port) !== index),
    [],
  );
});
