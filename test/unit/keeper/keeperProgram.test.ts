import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { keeperProgram } from "../../../components/keeper/keeperProgram";

test("the program is one file that needs nothing but Node", () => {
  const needed = [...keeperProgram().matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
  for (const name of needed) assert.ok(builtinModules.includes(name.replace(/^node:/, "")), name);
});

test("no generated program lies in a clone, where it would be stale", () => {
  const folder = resolve(__dirname, "../../../components/keeper");
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".js")),
    [],
  );
  assert.match(keeperProgram(), /\/\/ program\/main\.ts\n/, join(folder, "program"));
});
