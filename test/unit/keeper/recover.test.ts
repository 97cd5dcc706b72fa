import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  finish,
  lookOnce,
  mark,
  recover,
  takeBlobs,
  takeLinks,
} from "../../../components/keeper/program/collect";
import { blobData, layerLink, revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { runFile } from "../../../components/keeper/program/run";
import { stateFile } from "../../../components/keeper/program/stateFile";
import { countedDisk } from "../../support/keeper/countedDisk";
import { type MemoryRegistry, memoryRegistry } from "../../support/keeper/memoryRegistry";
import { other, push } from "../../support/keeper/modelImages";
import { digestOf, layout, putBlob } from "../../support/keeper/registryClient";

const link = layerLink(layout, "n", other);

/** A layer that nothing needed was taken, and somebody pushes a cache that needs it before anything looks again. */
function cutShort(): MemoryRegistry {
  const registry = memoryRegistry();
  const { context, disk } = registry;
  registry.ask(putBlob("n", other), ...push("n", "v"));
  registry.collect(100);
  registry.wait(25);
  mark(context);
  takeLinks(context);
  assert.ok(!disk.has(link));
  const cache = digestOf("8");
  disk.write(blobData(layout, cache), JSON.stringify({ schemaVersion: 2, manifests: [{ digest: other }] }));
  disk.write(revisionLink(layout, "n", cache), cache);
  disk.write(tagLink(layout, "n", "cache"), cache);
  return registry;
}

/** How often the disk is used. */
function uses({ context, disk }: MemoryRegistry): number {
  let count = 0;
  recover({
    ...context,
    disk: countedDisk(disk, () => {
      count++;
    }),
  });
  return count;
}

describe("the start of a keeper", () => {
  test("gives back what a run that was cut short took and a push needs", () => {
    const { context, disk } = cutShort();
    recover(context);
    assert.ok(disk.has(link));
  });

  test("does so where the power took what was known of the run", () => {
    const { context, disk } = cutShort();
    disk.write(stateFile(context, runFile), "");
    recover(context);
    assert.ok(disk.has(link));
  });

  test("leaves a run that is under way to go on", () => {
    const { context, disk } = cutShort();
    const known = stateFile(context, runFile);
    for (const step of [lookOnce, takeBlobs, lookOnce, finish]) {
      const before = disk.read(known);
      recover(context);
      assert.equal(disk.read(known), before);
      step(context);
    }
  });

  test("reads nothing of the images after a run that came to its end, or without one", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"));
    assert.ok(uses(registry) < 5);
    registry.collect(100);
    assert.ok(uses(registry) < 5);
  });
});
