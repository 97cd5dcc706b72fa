import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import { deleteReference } from "../../../components/keeper/program/delete";
import type { Disk } from "../../../components/keeper/program/disk";
import { revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { lookAfterDeletions } from "../../../components/keeper/program/lookAfter";
import { allRules } from "../../../components/keeper/program/rules";
import { takeGroups } from "../../../components/keeper/program/take";
import { batchesOf, thingAt } from "../../../components/keeper/program/trash";
import { countedDisk } from "../../support/keeper/countedDisk";
import { memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import {
  another,
  image,
  layer,
  other,
  push,
  signature,
  signatureTag,
} from "../../support/keeper/modelImages";
import { deleteManifest, layout, putBlob, putManifest } from "../../support/keeper/registryClient";

describe("the trash", () => {
  test("gives back in the next run what somebody needs again, and what was about it", () => {
    const registry = memoryRegistry({ undoSeconds: 1_000_000 });
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.collect(25);
    assert.equal(presentOf(registry, "n", signature), "");
    registry.ask(...push("n", "new"));
    registry.collect(1);
    assert.equal(presentOf(registry, "n", signature), whole);
    assert.ok(registry.disk.has(tagLink(layout, "n", signatureTag)));
  });

  test("keeps what was taken for the time to undo, and for the hour whatever the disk says", () => {
    const registry = memoryRegistry({ undoSeconds: 100 * 3600 });
    registry.ask(putBlob("n", layer), putBlob("n", other), putManifest("n", another, "v"));
    registry.collect(100);
    registry.collect(25);
    assert.equal(batchesOf(registry.disk, layout).length, 2);
    registry.collect(90);
    assert.equal(batchesOf(registry.disk, layout).length, 2);
    registry.collect(10);
    assert.equal(batchesOf(registry.disk, layout).length, 0);
  });

  test("does not touch what was pushed again between the look and the move: a pull would miss it", () => {
    const registry = memoryRegistry();
    const path = revisionLink(layout, "n", image.digest);
    registry.ask(...push("n", "v"));
    const thing = thingAt(registry.disk, path);
    assert.ok(thing);
    const moved: string[] = [];
    const disk: Disk = {
      ...countedDisk(registry.disk, () => {}),
      move(from, to) {
        moved.push(from);
        return registry.disk.move(from, to);
      },
    };
    registry.wait(1);
    const needed = () => {
      registry.ask(putManifest("n", image, "again"));
      return () => false;
    };
    const { changed } = takeGroups(
      disk,
      layout,
      { kind: "collection" },
      [{ things: [thing], needed }],
      allRules,
    );
    assert.deepEqual([moved, changed], [[], [thing]]);
    assert.equal(presentOf(registry, "n", image), whole);
  });

  test("has its list as a power cut leaves it before anything moves into it, and when all has", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"));
    const thing = thingAt(registry.disk, revisionLink(layout, "n", image.digest));
    assert.ok(thing);
    const steps: string[] = [];
    const disk: Disk = {
      ...countedDisk(registry.disk, () => {}),
      write: (path, text) => {
        if (path.endsWith("why.json")) steps.push("write");
        registry.disk.write(path, text);
      },
      writeThrough: (path, text) => {
        const { whole } = JSON.parse(text);
        steps.push(`written through ${path.slice(-8)}${whole === true ? ", whole" : ""}`);
        registry.disk.write(path, text);
      },
      move: (from, to) => {
        steps.push("move");
        return registry.disk.move(from, to);
      },
    };
    takeGroups(
      disk,
      layout,
      { kind: "collection" },
      [{ things: [thing], needed: () => () => false }],
      allRules,
    );
    assert.deepEqual(steps, ["written through why.json", "move", "written through why.json, whole"]);
  });

  test("leaves a deletion alone that may be under way beside a mark, and puts it right with the next index", () => {
    for (const isIndex of [true, false]) {
      const registry = memoryRegistry();
      registry.ask(...push("n", "v"));
      const { context, disk } = registry;
      const path = tagLink(layout, "n", "v");
      const dying: Disk = {
        ...countedDisk(disk, () => {}),
        move(from, to) {
          if (from === path) registry.ask(putBlob("n", other), putManifest("n", another, "v"));
          const isMoved = disk.move(from, to);
          if (from === path) throw new Error("killed");
          return isMoved;
        },
      };
      const request = { verb: "delete", user: "u", repository: "n", tag: "v", flags: [] } as const;
      assert.throws(() => deleteReference({ ...context, disk: dying }, request), /killed/);
      mark(context);
      assert.ok(!disk.has(path), "it may be the deletion's to look at it");
      if (isIndex) lookAfterDeletions(context);
      else {
        registry.wait(1.1);
        mark(context);
      }
      assert.equal(disk.read(path), another.digest);
      assert.ok(batchesOf(disk, layout).every((batch) => batch.whole));
    }
  });

  test("gives back what was written anew when the taking was cut short before it was looked at", () => {
    const registry = memoryRegistry();
    const path = tagLink(layout, "n", signatureTag);
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.wait(25);
    mark(registry.context);
    const { disk } = registry;
    const dying: Disk = {
      ...countedDisk(disk, () => {}),
      move(from, to) {
        if (from === path) registry.ask(putManifest("n", signature, signatureTag));
        const isMoved = disk.move(from, to);
        if (from === path) throw new Error("killed");
        return isMoved;
      },
    };
    assert.throws(() => takeLinks({ ...registry.context, disk: dying }), /killed/);
    assert.ok(!disk.has(path));
    mark(registry.context);
    assert.ok(disk.has(path));
  });

  test("keeps what a taking cut short has moved for the hour from when that was put right", () => {
    const registry = memoryRegistry({ undoSeconds: 0 });
    registry.ask(putBlob("n", layer), putBlob("n", other));
    registry.collect(100);
    registry.wait(25);
    mark(registry.context);
    let moves = 0;
    const slow: Disk = {
      ...countedDisk(registry.disk, () => {}),
      move(from, to) {
        if (++moves === 2) throw new Error("killed");
        registry.wait(2);
        return registry.disk.move(from, to);
      },
    };
    assert.throws(() => takeLinks({ ...registry.context, disk: slow }), /killed/);
    const [cut] = batchesOf(registry.disk, layout);
    const isThere = () => batchesOf(registry.disk, layout).some(({ name }) => name === cut?.name);
    assert.ok(cut?.whole === undefined && cut?.things.length === 2);
    // Its list was written two hours ago, and what it holds was moved just now.
    registry.collect(0.1);
    assert.ok(isThere());
    registry.collect(0.3);
    assert.ok(isThere());
    registry.collect(0.7);
    assert.ok(!isThere());
  });

  test("is purged only after a whole mark that began when it had lain there for the hour", () => {
    const registry = memoryRegistry({ undoSeconds: 0 });
    registry.ask(putBlob("n", layer));
    registry.collect(100);
    registry.collect(25);
    const before = batchesOf(registry.disk, layout).length;
    assert.ok(before > 0);
    registry.wait(0.4);
    mark(registry.context);
    // It has lain there for more than two hours by now, but this run's mark began too early.
    registry.wait(1.5);
    for (const step of [takeLinks, lookOnce, takeBlobs, lookOnce, finish]) step(registry.context);
    assert.equal(batchesOf(registry.disk, layout).length, before);
    registry.collect(0.1);
    assert.equal(batchesOf(registry.disk, layout).length, 0);
  });
});
