import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Clock } from "../../../components/keeper/program/clock";
import type { Disk } from "../../../components/keeper/program/disk";
import { blobGroups, linkGroups } from "../../../components/keeper/program/free";
import {
  blobData,
  blobFolder,
  layerLink,
  revisionLink,
  tagLink,
} from "../../../components/keeper/program/layout";
import { allRules } from "../../../components/keeper/program/rules";
import { takeGroups } from "../../../components/keeper/program/take";
import { blobThing, linkThing, type Thing, thingAt } from "../../../components/keeper/program/trash";
import { type LinkFile, layerLinks } from "../../../components/keeper/program/walk";
import { countedDisk } from "../../support/keeper/countedDisk";
import { MemoryDisk } from "../../support/keeper/memoryDisk";
import { digestOf, layout } from "../../support/keeper/registryClient";

const digests = ["1", "2", "3", "a", "b", "c"].map(digestOf);
const [first = "", second = "", third = ""] = digests;

function blobs(disk: MemoryDisk): Thing[] {
  return digests.map((digest) => {
    disk.write(`${blobFolder(layout, digest)}/data`, digest);
    const stat = disk.stat(`${blobFolder(layout, digest)}/data`);
    assert.ok(stat);
    return blobThing(blobFolder(layout, digest), stat);
  });
}

/** As many repositories, of which the last two have links to blobs. */
function registryOf(count: number): MemoryDisk {
  const disk = new MemoryDisk();
  for (let number = 0; number < count; number++)
    disk.write(layerLink(layout, `r${number}`, digestOf("f")), digestOf("f"));
  disk.write(layerLink(layout, `r${count - 2}`, first), first);
  disk.write(revisionLink(layout, `r${count - 1}`, second), second);
  return disk;
}

/** Which of the blobs are needed now, and how many go at a time. */
function look(disk: MemoryDisk, things: readonly Thing[]) {
  const groups = blobGroups(disk, layout, things);
  const needed = () =>
    groups.flatMap((group) => {
      const isNeeded = group.needed();
      return group.things.filter((thing) => isNeeded(thing)).map(({ path }) => path);
    });
  return { needed, atATime: Math.max(...groups.map((group) => group.things.length)) };
}

describe("a blob is needed as long as a link to it is anywhere", () => {
  for (const [count, size] of [
    [2, 1],
    [50, 1],
    [51, 2],
    [300, 6],
    [1001, digests.length],
  ] as const)
    test(`in ${count} repositories, ${size} at a time`, () => {
      const disk = registryOf(count);
      const { needed, atATime } = look(disk, blobs(disk));
      assert.equal(atATime, size);
      assert.deepEqual(needed(), [blobFolder(layout, first), blobFolder(layout, second)]);
    });

  for (const count of [2, 1001])
    test(`also in a repository that a push has made since, beside ${count}`, () => {
      const disk = registryOf(count);
      const { needed } = look(disk, blobs(disk));
      disk.write(layerLink(layout, "n/new", third), third);
      assert.ok(needed().includes(blobFolder(layout, third)));
    });
});

const layer = (number: number) => `sha256:${String(number).padStart(64, "0")}`;

/** Layers by their numbers in a repository, and all their links. */
function layersOf(disk: MemoryDisk, repository: string, count: number): Thing[] {
  for (let number = 0; number < count; number++)
    disk.write(layerLink(layout, repository, layer(number)), layer(number));
  return layerLinks(disk, layout, repository).map(linkThing);
}

/** What a push of a manifest writes last. */
function pushed(disk: MemoryDisk, repository: string, digest: string, fields: object): void {
  const text = JSON.stringify({ schemaVersion: 2, ...fields });
  disk.write(blobData(layout, digest), text);
  disk.write(revisionLink(layout, repository, digest), digest);
}

function mentioned(...digests: readonly string[]) {
  return digests.map((digest) => ({ mediaType: "application/example", digest, size: 1 }));
}

/** The links that a look at each group finds to be needed. */
function neededOf(disk: MemoryDisk, things: readonly Thing[]): string[] {
  const groups = linkGroups(disk, layout, things, () => true);
  return groups.flatMap((group) => group.things.filter(group.needed()).map(({ path }) => path));
}

describe("links that are to go", () => {
  test("stay if a manifest needs them that was pushed since, and no others, in that repository alone", () => {
    const disk = new MemoryDisk();
    const things = ["n", "n/b"].flatMap((name) => layersOf(disk, name, 120));
    pushed(disk, "n/b", first, { config: mentioned(layer(1))[0], layers: mentioned(layer(7), layer(110)) });
    const groups = linkGroups(disk, layout, things, () => true);
    assert.deepEqual(
      groups.map((group) => group.things.length),
      [120, 120],
    );
    const expected = [1, 7, 110].map((number) => layerLink(layout, "n/b", layer(number)));
    assert.deepEqual(neededOf(disk, things).sort(), expected.sort());
  });

  test("stay if an index needs them by a child that nobody pushed anew, which may be a layer", () => {
    const disk = new MemoryDisk();
    const layers = layersOf(disk, "n", 20);
    pushed(disk, "n", second, { config: mentioned(layer(2))[0], layers: mentioned(layer(3)) });
    pushed(disk, "n", first, { manifests: mentioned(second, third, layer(5)) });
    const child = thingAt(disk, revisionLink(layout, "n", second));
    assert.ok(child);
    const isNew = ({ path }: LinkFile) => path === revisionLink(layout, "n", first);
    const groups = linkGroups(disk, layout, [child, ...layers], isNew);
    const needed = () =>
      groups.flatMap((group) => group.things.filter(group.needed()).map(({ path }) => path));
    const expected = [2, 3, 5].map((number) => layerLink(layout, "n", layer(number)));
    assert.deepEqual(needed().sort(), [child.path, ...expected].sort());
    // Its link has moved already, and what it needs is needed all the same.
    disk.removeFile(child.path);
    assert.deepEqual(needed().sort(), [child.path, ...expected].sort());
  });

  test("stay with their subject, by its manifest and by its tag", () => {
    const disk = new MemoryDisk();
    const layers = layersOf(disk, "n", 20);
    const subject = revisionLink(layout, "n", first);
    pushed(disk, "n", second, { config: mentioned(layer(2))[0] });
    pushed(disk, "n", third, { config: mentioned(layer(3))[0] });
    const tag = tagLink(layout, "n", "sha256-x.sig");
    disk.write(tag, third);
    const [manifest, link] = [revisionLink(layout, "n", second), tag].map((path) => thingAt(disk, path));
    assert.ok(manifest && link);
    const dead = [manifest, link].map((thing) => ({ ...thing, subject }));
    const groups = linkGroups(disk, layout, [...dead, ...layers], ({ path }) => path === subject);
    assert.deepEqual(
      groups.flatMap((group) => group.things.filter(group.needed())),
      [],
    );
    pushed(disk, "n", first, { manifests: [] });
    const needed = groups.flatMap((group) => group.things.filter(group.needed()).map(({ path }) => path));
    const expected = [2, 3].map((number) => layerLink(layout, "n", layer(number)));
    assert.deepEqual(needed.sort(), [manifest.path, tag, ...expected].sort());
  });

  test("go manifests first, and layers in the order in which they were pushed", () => {
    const disk = new MemoryDisk();
    for (const number of [5, 2, 9]) {
      disk.write(layerLink(layout, "n", layer(number)), layer(number));
      disk.now += 1000;
    }
    disk.write(revisionLink(layout, "n", first), first);
    const revision = thingAt(disk, revisionLink(layout, "n", first));
    assert.ok(revision);
    const things = [...layerLinks(disk, layout, "n").map(linkThing), revision];
    const [group] = linkGroups(disk, layout, things, () => false);
    const expected = [5, 2, 9].map((number) => layerLink(layout, "n", layer(number)));
    assert.deepEqual(
      group?.things.map(({ path }) => path),
      [revision.path, ...expected],
    );
  });

  test("stay all of them if a manifest that was pushed since cannot be read", () => {
    const disk = new MemoryDisk();
    const things = layersOf(disk, "n", 20);
    disk.write(revisionLink(layout, "n", first), first);
    assert.equal(neededOf(disk, things).length, 20);
    disk.write(blobData(layout, first), "no JSON");
    assert.equal(neededOf(disk, things).length, 20);
  });

  test("and move while a manifest is pushed that needs them are back before more move, and the others go", () => {
    const memory = new MemoryDisk();
    const things = layersOf(memory, "n", 40);
    // A manifest that was deleted has left its folder: of one that is pushed again only the link is new.
    pushed(memory, "n", first, { config: mentioned(layer(3))[0], layers: mentioned(layer(9), layer(30)) });
    memory.removeFile(revisionLink(layout, "n", first));
    let moves = 0;
    const lacks: number[] = [];
    const disk: Disk = {
      ...countedDisk(memory, () => {}),
      move(from, to) {
        moves++;
        if (moves === 12) memory.write(revisionLink(layout, "n", first), first);
        if (moves === 17)
          lacks.push(...[3, 9, 30].filter((number) => !memory.has(layerLink(layout, "n", layer(number)))));
        return memory.move(from, to);
      },
    };
    const groups = linkGroups(disk, layout, things, () => true);
    const { taken } = takeGroups(disk, layout, { kind: "collection" }, groups, allRules);
    assert.deepEqual([moves, lacks, taken.length], [39, [], 37]);
    const left = layerLinks(memory, layout, "n").map(({ digest }) => digest);
    assert.deepEqual(left, [3, 9, 30].map(layer));
  });

  test("and move while a manifest is pushed are back without a look at all the others", () => {
    const disk = new MemoryDisk();
    const others = Array.from({ length: 300 }, (_, number) => layer(1000 + number));
    for (const other of others) pushed(disk, "n", other, { layers: mentioned(layer(2000)) });
    const things = layersOf(disk, "n", 30);
    const [needed = ""] = things.map(({ path }) => path);
    let steps: number | undefined;
    let waited: number | undefined;
    const counted = countedDisk(disk, () => {
      if (steps !== undefined) steps++;
      if (waited === undefined && disk.has(needed)) waited = steps;
    });
    const disturbed: Disk = {
      ...counted,
      move(from, to) {
        const isMoved = counted.move(from, to);
        if (from === needed) {
          pushed(disk, "n", first, { layers: mentioned(layer(0)) });
          steps = 0;
        }
        return isMoved;
      },
    };
    const isNew = ({ path }: LinkFile) => path === revisionLink(layout, "n", first);
    const groups = linkGroups(disturbed, layout, things, isNew);
    takeGroups(disturbed, layout, { kind: "collection" }, groups, allRules);
    assert.ok(waited !== undefined && waited < 60, `${waited} steps of the disk`);
  });

  for (const what of ["was deleted", "is to go itself", "is to go itself, and was deleted since the look"])
    test(`and move are back at the next glance, whenever a manifest is pushed again that ${what}`, () => {
      const numbers = [0, 7, 19, 39];
      const link = revisionLink(layout, "n", first);
      const collect = (pushedAt: number) => {
        const memory = new MemoryDisk();
        const things = layersOf(memory, "n", 40);
        pushed(memory, "n", first, { layers: mentioned(...numbers.map(layer)) });
        const revision = thingAt(memory, link);
        assert.ok(revision);
        if (what === "was deleted") memory.removeFile(link);
        else things.push(revision);
        let isThere = !what.includes("since");
        let [moves, movesBefore, steps] = [0, Number.POSITIVE_INFINITY, 0];
        const counted = countedDisk(memory, (step) => {
          steps = step;
          if (step !== pushedAt) return;
          memory.write(link, first);
          movesBefore = moves;
        });
        const disk: Disk = {
          ...counted,
          stat(path) {
            const stat = counted.stat(path);
            if (!isThere && path === link) isThere = memory.removeFile(link);
            return stat;
          },
          move(from, to) {
            if (from.startsWith(layout.trash)) return counted.move(from, to);
            moves++;
            // Eight between two glances, and the one that was under way.
            if (moves > movesBefore + 9)
              for (const number of numbers)
                assert.ok(
                  memory.has(layerLink(layout, "n", layer(number))),
                  `pushed before step ${pushedAt}`,
                );
            return counted.move(from, to);
          },
        };
        const isNew = ({ stat }: LinkFile) => stat.inode !== revision.inode;
        takeGroups(disk, layout, { kind: "collection" }, linkGroups(disk, layout, things, isNew), allRules);
        return steps;
      };
      const steps = collect(-1);
      for (let step = 0; step < steps; step++) collect(step);
    });

  test("and have moved are looked at again for a while: a push may have asked for them just before", () => {
    const disk = new MemoryDisk();
    const things = ["n", "m"].flatMap((name) => layersOf(disk, name, 20));
    const data = { config: mentioned(layer(3))[0], layers: [] };
    for (const name of ["n", "m"]) {
      pushed(disk, name, first, data);
      disk.removeFile(revisionLink(layout, name, first));
    }
    let now = 0;
    const lacks: boolean[] = [];
    const clock: Clock = {
      now: () => now,
      pause(milliseconds) {
        now += milliseconds;
        // Both repositories have lost the layer by now, and the pushes come to their ends.
        if (now === 30) disk.write(revisionLink(layout, "n", first), first);
        if (now === 900) disk.write(revisionLink(layout, "m", first), first);
        if (now === 36 || now === 906)
          lacks.push(disk.has(layerLink(layout, now === 36 ? "n" : "m", layer(3))));
      },
    };
    const groups = linkGroups(disk, layout, things, () => true);
    const { taken } = takeGroups(disk, layout, { kind: "collection" }, groups, allRules, clock);
    assert.deepEqual([lacks, taken.length], [[true, true], 38]);
    assert.ok(now >= 1500 && now < 1510, `${now} ms`);
  });

  test("are looked at no more often than leaves a fifth of the time to the moves, however many manifests there are", () => {
    const [manifests, layers] = [500, 2000];
    const memory = new MemoryDisk();
    const things = layersOf(memory, "n", layers);
    for (let number = 0; number < manifests; number++)
      memory.write(revisionLink(layout, "n", layer(number)), layer(number));
    let now = 0;
    const disk: Disk = {
      ...countedDisk(memory, () => {}),
      stat(path) {
        // A look at all of them takes a quarter of a second, and all moves together 200 ms.
        if (path.includes("/revisions/")) now += 0.5;
        return memory.stat(path);
      },
      move(from, to) {
        now += 0.1;
        return memory.move(from, to);
      },
    };
    const clock: Clock = {
      now: () => now,
      pause: (milliseconds) => {
        now += milliseconds;
      },
    };
    const groups = linkGroups(disk, layout, things, () => false);
    const { taken } = takeGroups(disk, layout, { kind: "collection" }, groups, allRules, clock);
    assert.equal(taken.length, layers);
    // One look before, one or two between, one after, and a few in the second and a half in which it looks again.
    assert.ok(now < 4000, `${now} ms`);
  });

  test("do not keep a collection waiting that has moved none", () => {
    const disk = new MemoryDisk();
    const things = layersOf(disk, "n", 3);
    disk.write(revisionLink(layout, "n", first), first);
    const pause = () => assert.fail("it waits");
    const groups = linkGroups(disk, layout, things, () => true);
    const { taken } = takeGroups(disk, layout, { kind: "collection" }, groups, allRules, {
      now: () => 0,
      pause,
    });
    assert.deepEqual(taken, []);
  });
});
