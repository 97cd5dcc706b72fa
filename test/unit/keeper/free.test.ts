import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Disk } from "../../../components/keeper/program/disk";
import { blobGroups, linkGroups } from "../../../components/keeper/program/free";
import { blobFolder, layerLink, revisionLink } from "../../../components/keeper/program/layout";
import { allRules } from "../../../components/keeper/program/rules";
import { blobThing, linkThing, type Thing, takeGroups } from "../../../components/keeper/program/trash";
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

test("links of a repository stay while a push of a manifest goes on there, and some go at a time", () => {
  const disk = new MemoryDisk();
  for (const name of ["n", "n/b"])
    for (let number = 0; number < 120; number++)
      disk.write(layerLink(layout, name, `sha256:${String(number).padStart(64, "0")}`), digestOf("f"));
  disk.write(revisionLink(layout, "n/b", first), first);
  const things = ["n", "n/b"].flatMap((name) => layerLinks(disk, layout, name).map(linkThing));
  const groups = linkGroups(disk, layout, things, () => true);
  assert.deepEqual(
    groups.map((group) => group.things.length),
    [50, 50, 20, 50, 50, 20],
  );
  const needed = groups.map((group) => group.things.filter(group.needed()).length);
  assert.deepEqual(needed, [0, 0, 0, 50, 50, 20]);
});

test("links that move while a manifest is pushed are back before more of them move", () => {
  const disk = new MemoryDisk();
  for (let number = 0; number < 40; number++)
    disk.write(layerLink(layout, "n", `sha256:${String(number).padStart(64, "0")}`), digestOf("f"));
  disk.write(revisionLink(layout, "n", first), first);
  // A manifest that was deleted has left its folder: of one that is pushed again only the link is new.
  disk.write(revisionLink(layout, "n", second), second);
  disk.removeFile(revisionLink(layout, "n", second));
  const things = layerLinks(disk, layout, "n").map(linkThing);
  let moves = 0;
  let whole = 0;
  const pushed: Disk = {
    ...countedDisk(disk, () => {}),
    move(from, to) {
      moves++;
      if (moves === 12) disk.write(revisionLink(layout, "n", second), second);
      return disk.move(from, to);
    },
    stat(path) {
      // The second look begins: it asks for all manifests again.
      if (moves > 12 && path === revisionLink(layout, "n", first))
        whole = layerLinks(disk, layout, "n").length;
      return disk.stat(path);
    },
  };
  const isNew = ({ path }: LinkFile) => path !== revisionLink(layout, "n", first);
  const groups = linkGroups(pushed, layout, things, isNew);
  const { taken } = takeGroups(pushed, layout, { kind: "collection" }, groups, allRules);
  assert.deepEqual([moves, whole, taken.length], [16, 32, 0]);
  assert.equal(layerLinks(disk, layout, "n").length, 40);
});
