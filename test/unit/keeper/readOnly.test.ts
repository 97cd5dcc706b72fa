import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import { tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { readStatus } from "../../../components/keeper/program/status";
import { askKeeper } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const rule = { repositories: ["**"], tags: ["*"], keepNewest: 1, maxTags: 1, keepTags: [] };

/** The same data, while the registry refuses every push and delete. */
function readOnly(tree: RegistryTree): RegistryTree {
  const settings = { ...tree.context.settings, readOnly: true, retention: [rule] };
  return { ...tree, context: { ...tree.context, settings } };
}

test("no tag goes from a registry that is read-only and none comes back, and people may look", () => {
  inRegistryTree((tree) => {
    for (const tag of ["v1", "v2", "v3"]) tree.image("n", { tag });
    askKeeper(tree, "delete", "n:v1");
    const closed = readOnly(tree);
    const refused = (error: unknown) =>
      error instanceof Refusal && /^the registry is read-only \(registry\.readOnly\)/.test(error.message);
    assert.throws(() => askKeeper(closed, "delete", "n:v2"), refused);
    assert.throws(() => askKeeper(closed, "restore", "n:v1"), refused);
    assert.throws(() => askKeeper(closed, "retention", "", "apply"), refused);
    for (const verb of ["list", "report", "retention", "verify"] as const)
      assert.ok(!askKeeper(closed, verb).failed, verb);
    assert.equal(runJob(closed.context, "retention"), 0);
    assert.equal(runJob(closed.context, "retention"), 0);
    for (const tag of ["v2", "v3"]) assert.ok(nodeDisk.stat(tagLink(tree.layout, "n", tag)), tag);
    assert.match(readStatus(closed.context).runs.retention?.summary ?? "", /read-only/);
    askKeeper(tree, "restore", "n:v1");
    assert.ok(nodeDisk.stat(tagLink(tree.layout, "n", "v1")));
  });
});
