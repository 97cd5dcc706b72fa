import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Disk } from "../../../components/keeper/program/disk";
import { layoutOf, tagIndexLink, tagLink, tagsFolder } from "../../../components/keeper/program/layout";
import { runRetention } from "../../../components/keeper/program/retentionJob";
import { batchesOf, giveBack } from "../../../components/keeper/program/trash";
import { countedDisk } from "../../support/keeper/countedDisk";
import { lyingIn } from "../../support/keeper/lyingIn";
import { MemoryDisk } from "../../support/keeper/memoryDisk";
import { usualSettings } from "../../support/keeper/usualSettings";
import { digestOf } from "../../support/registryTree";

const day = 24 * 60 * 60 * 1000;
const [old, first, second] = [digestOf("old"), digestOf("first"), digestOf("second")];
const settings = {
  ...usualSettings,
  dataFolder: "/data",
  controlFolder: "/control",
  settleSeconds: 900,
  retention: [{ repositories: ["**"], tags: ["*"], keepNewest: 0, deleteAfterDays: 30, keepTags: [] }],
};
const layout = layoutOf(settings.dataFolder);
const tags = tagsFolder(layout, "app");
const link = tagLink(layout, "app", "v1");
const indexLink = (digest: string) => tagIndexLink(layout, "app", "v1", digest);

/** A repository with an old tag, app:v1. */
function oldTag(): MemoryDisk {
  const disk = new MemoryDisk();
  push(disk, old);
  disk.now = 100 * day;
  return disk;
}

/** The two links that the registry writes for a push of a tag. */
function push(disk: Disk, digest: string): void {
  disk.write(indexLink(digest), digest);
  disk.write(link, digest);
}

/** As the registry deletes a tag: its folder with all that is in it. */
function remove(disk: Disk, path: string): void {
  if (!disk.stat(path)?.isFolder) {
    disk.removeFile(path);
    return;
  }
  for (const name of disk.names(path) ?? []) remove(disk, `${path}/${name}`);
  disk.removeFolder(path);
}

interface Act {
  readonly step: number;
  readonly act: () => void;
}

/** Takes the tag while others act, each before a step of it or, if it has not so many, at the end. */
function takeWhile(disk: MemoryDisk, ...acts: readonly Act[]): number {
  let steps = 0;
  const stepped = countedDisk(disk, (step) => {
    disk.now++;
    steps = step + 1;
    for (const { act } of acts.filter((one) => one.step === step)) act();
  });
  runRetention({ disk: stepped, settings, say: () => {} }, { mode: "apply" });
  for (const { act } of acts.filter(({ step }) => step >= steps)) act();
  return steps;
}

/** All pairs of steps, the second no earlier than the first. */
function pairs(end: number): [number, number][] {
  return Array.from({ length: end + 1 }, (_, one) =>
    Array.from({ length: end + 1 - one }, (_, more): [number, number] => [one, one + more]),
  ).flat();
}

describe("a tag that is being taken", () => {
  // More than alone, as what others do makes more steps.
  const steps = 10 + takeWhile(oldTag());

  test("is listed no more afterwards", () => {
    const disk = oldTag();
    takeWhile(disk);
    assert.deepEqual(disk.names(tags), []);
  });

  for (const [what, digest] of [
    ["another", first],
    ["the same", old],
  ] as const) {
    test(`and pushed again with ${what} manifest, at any two of its steps, stays with that`, () => {
      for (const [index, current] of pairs(steps)) {
        const disk = oldTag();
        takeWhile(
          disk,
          { step: index, act: () => disk.write(indexLink(digest), digest) },
          { step: current, act: () => disk.write(link, digest) },
        );
        assert.equal(disk.read(link), digest, `${index} ${current}`);
        assert.equal(disk.read(indexLink(digest)), digest, `${index} ${current}`);
      }
    });
  }

  test("and pushed twice, at any two of its steps, stays with the last", () => {
    for (const [one, other] of pairs(steps)) {
      const disk = oldTag();
      takeWhile(
        disk,
        { step: one, act: () => push(disk, first) },
        { step: other, act: () => push(disk, second) },
      );
      assert.equal(disk.read(link), second, `${one} ${other}`);
    }
  });

  test("and deleted by somebody at any step is gone, and no error", () => {
    for (let step = 0; step <= steps; step++) {
      const disk = oldTag();
      takeWhile(disk, { step, act: () => remove(disk, `${tags}/v1`) });
      assert.equal(disk.read(link), undefined, String(step));
      assert.deepEqual(disk.names(tags), [], String(step));
    }
  });

  test("when the keeper is killed, at any step, is there or can be had back, and goes with the next run", () => {
    for (let step = 0; step < steps - 10; step++) {
      const disk = oldTag();
      const kill = () => {
        throw new Error("killed");
      };
      const rest = Array.from({ length: steps }, (_, more) => ({ step: step + more, act: kill }));
      assert.throws(() => takeWhile(disk, ...rest), /killed/);
      const lying = () =>
        batchesOf(disk, layout).flatMap((batch) =>
          lyingIn(disk, layout, batch).map(({ path }) => ({ batch, path })),
        );
      const isTaken = lying().some(({ path }) => path === link);
      assert.equal(disk.read(link), isTaken ? undefined : old, String(step));
      takeWhile(disk);
      const left = disk.paths().filter((path) => path.startsWith(`${tags}/`));
      assert.deepEqual(left, [], `${step}: would be listed, and never go`);
      for (const { batch, path } of lying()) giveBack(disk, layout, batch, path);
      assert.equal(disk.read(link), old);
      assert.equal(disk.read(indexLink(old)), old);
    }
  });
});
