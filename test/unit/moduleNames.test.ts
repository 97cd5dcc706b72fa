import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const PROJECT = resolve(__dirname, "../..");

test("no module has the name of a JSON file beside it: the engine's Node would take that for the module", () => {
  const files = ["components", "infra", "tools"].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(PROJECT, folder, file),
    ),
  );
  const data = files.filter((file) => file.endsWith(".json") && !file.endsWith("tsconfig.json"));
  assert.ok(data.length > 0);
  assert.deepEqual(
    data.filter((file) => existsSync(file.replace(/json$/, "ts"))),
    [],
  );
});
