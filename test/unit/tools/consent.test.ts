import assert from "node:assert/strict";
import { test } from "node:test";
import { mustAsk } from "../../../tools/setup/consent";

const run = { args: ["up"], environment: {}, terminal: true };

test("whoever is at the terminal is asked before packages are installed", () => {
  assert.ok(mustAsk(run));
  for (const CI of ["", "false", "0"]) assert.ok(mustAsk({ ...run, environment: { CI } }), CI);
});

test("nobody is asked with --yes, in CI, or where nobody could answer", () => {
  for (const yes of ["--yes", "-y"]) assert.ok(!mustAsk({ ...run, args: ["up", yes] }), yes);
  for (const CI of ["true", "1"]) assert.ok(!mustAsk({ ...run, environment: { CI } }), CI);
  assert.ok(!mustAsk({ ...run, terminal: false }));
});
