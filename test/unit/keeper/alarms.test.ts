import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clockProblems, otherKeeper } from "../../../components/keeper/program/alarms";
import { runJob } from "../../../components/keeper/program/jobs";
import { stateFile } from "../../../components/keeper/program/stateFile";
import { readStatus } from "../../../components/keeper/program/status";
import { batchesOf } from "../../../components/keeper/program/trash";
import { memoryRegistry } from "../../support/keeper/memoryRegistry";
import { other, push } from "../../support/keeper/modelImages";
import { layout, putBlob } from "../../support/keeper/registryClient";
import { inRegistryTree } from "../../support/registryTree";

const day = 24;
const hour = 3_600_000;

describe("the keeper says of the clocks", () => {
  test("nothing where they are right, or apart by less than an hour", () => {
    const { context, disk } = memoryRegistry();
    for (const apart of [0, 0.9 * hour, -0.9 * hour])
      assert.deepEqual(clockProblems(context, layout, disk.now, disk.now + apart), []);
  });

  test("that its own is another than the disk's, and which goes by which", () => {
    const { context, disk } = memoryRegistry();
    for (const apart of [2 * hour, -400 * day * hour]) {
      const [problem = "", ...more] = clockProblems(context, layout, disk.now, disk.now + apart);
      assert.match(
        problem,
        /^the clock of the keeper says .* disk of the images 2026-01-01T00:00Z: set them right/,
      );
      assert.deepEqual(more, []);
    }
  });

  test("that the disk's was ahead: what stays longer, until when, and what to do", () => {
    const registry = memoryRegistry({ undoSeconds: 7 * 86_400 });
    registry.ask(...push("n", "v"), putBlob("n", other));
    registry.collect(100);
    registry.wait(3650 * day);
    registry.collect(25);
    registry.collect(25);
    registry.wait(-3650 * day);
    const now = registry.disk.now;
    const names = batchesOf(registry.disk, layout).map(({ name }) => name);
    assert.equal(names.length, 2);
    const [last = "", batches = ""] = clockProblems(registry.context, layout, now, now);
    assert.match(
      last,
      /^the last collection began at 203\d-.*, and the clock of the disk says 2026-.*: it was ahead/,
    );
    assert.match(
      batches,
      /^2 batches in the trash are from the future, the last of 203\d-.*: what is in them goes/,
    );
    for (const name of names) assert.ok(batches.includes(`${layout.trash}/${name}`));
    registry.collect(25);
    assert.equal(clockProblems(registry.context, layout, registry.disk.now, registry.disk.now).length, 1);
  });

  test("in its status, as long as it is so", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1" });
      runJob(tree.context, "mark");
      assert.deepEqual(readStatus(tree.context), { runs: {} });
      // A power cut: the mark writes it anew.
      tree.write(stateFile(tree.context, "run.json"), "");
      const batch = `${tree.layout.trash}/20990101T000000000Z-delete-00000000/why.json`;
      const time = Date.UTC(2099, 0, 1);
      tree.write(batch, JSON.stringify({ reason: { kind: "delete" }, time, things: [], whole: true }));
      runJob(tree.context, "mark");
      assert.match(
        readStatus(tree.context).problem ?? "",
        /^1 batch in the trash is from the future, the last of 2099/,
      );
      tree.context.disk.removeFile(batch);
      runJob(tree.context, "mark");
      assert.equal(readStatus(tree.context).problem, undefined);
    });
  });
});

describe("a keeper that is not alone with the images", () => {
  test("says so, as does the other, until there is one again; and not for a control volume that is new", () => {
    const { context } = memoryRegistry();
    const second = { ...context, settings: { ...context.settings, controlFolder: "/control2" } };
    const third = { ...context, settings: { ...context.settings, controlFolder: "/control3" } };
    const saysSo = (each: typeof context) => otherKeeper(each, layout).length > 0;
    assert.deepEqual([context, context, second].map(saysSo), [false, false, false]);
    assert.deepEqual([context, second, context, second].map(saysSo), [true, true, true, true]);
    assert.deepEqual([second, second, third, third].map(saysSo), [false, false, false, false]);
    assert.match(
      String(otherKeeper(second, layout)),
      /^another keeper works on the same images, .*keeper.enabled: false$/,
    );
  });
});
