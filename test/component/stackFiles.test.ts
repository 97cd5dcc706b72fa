import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { PrivateRegistry } from "../../components";
import { settingsKind } from "../../infra/configShapes";
import { kindProblems } from "../../infra/kinds";
import { declare } from "../support/mocks";

const folder = resolve(__dirname, "../..");

test("each stack file that comes with the project is accepted as it is", async () => {
  for (const stack of ["dev", "prod"]) {
    const file = `Pulumi.${stack}.yaml`;
    const { config } = parse(readFileSync(join(folder, file), "utf8"));
    const settings = config["private-registry:settings"];
    assert.deepEqual(kindProblems("settings", settings, settingsKind), []);
    await declare(() => new PrivateRegistry("main", settings), { stack });
  }
});
