import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import { deleteReference } from "../../../components/keeper/program/delete";
import type { Disk } from "../../../components/keeper/program/disk";
import { index } from "../../../components/keeper/program/index";
import { Refusal } from "../../../components/keeper/program/job";
import { layerLink, revisionLink, tagIndexLink, tagLink } from "../../../components/keeper/program/layout";
import type { Request } from "../../../components/keeper/program/request";
import { restore } from "../../../components/keeper/program/restore";
import { countedDisk } from "../../support/keeper/countedDisk";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import {
  image,
  index as imageIndex,
  layer,
  other,
  push,
  signature,
  signatureTag,
} from "../../support/keeper/modelImages";
import { deleteTag, layout, putBlob, putManifest } from "../../support/keeper/registryClient";
import { trashed } from "../../support/keeper/world";

const week = 7 * 24 * 3600;
const link = revisionLink(layout, "n", image.digest);

const tag = { verb: "restore", user: "alice", repository: "n", tag: "v", flags: [] } satisfies Request;
const manifest = { ...tag, tag: undefined, digest: image.digest };

/** Whoever keeps manifests without a tag for an hour, and has just lost one by that. */
function collected(): MemoryRegistry {
  const registry = memoryRegistry({ untaggedSeconds: 3600, undoSeconds: week });
  registry.ask(...push("n", "v"), deleteTag("n", "v", [image.digest]));
  for (let run = 0; run < 3; run++) registry.collect(25);
  assert.equal(presentOf(registry, "n", image), "");
  return registry;
}

describe("a manifest that is restored by its digest", () => {
  test("is kept as long as one that has just lost its tag", () => {
    const registry = collected();
    restore(registry.context, manifest);
    assert.equal(registry.disk.read(link), image.digest);
    assert.deepEqual(trashed(registry.disk, link), []);
    for (const hours of [0.5, 25]) {
      registry.collect(hours);
      assert.equal(presentOf(registry, "n", image), whole, `${hours} h later`);
    }
    registry.collect(25);
    assert.equal(presentOf(registry, "n", image), "");
  });

  test("also if the keeper was killed meanwhile", () => {
    let isDone = false;
    for (let last = 0; !isDone; last++) {
      const registry = collected();
      const disk = countedDisk(registry.disk, (step) => {
        if (step === last) throw new Error("killed");
      });
      isDone = !wasKilled(() => restore({ ...registry.context, disk }, manifest));
      // If it is there, there is nothing to restore any more.
      if (!isDone) refusedAtMost(() => restore(registry.context, manifest));
      registry.collect(0.5);
      assert.equal(presentOf(registry, "n", image), whole, `killed before step ${last}`);
    }
  });
});

function wasKilled(step: () => unknown): boolean {
  try {
    step();
    return false;
  } catch (error) {
    assert.match(String(error), /killed/);
    return true;
  }
}

function refusedAtMost(step: () => unknown): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

describe("a signature that is restored while its image is gone goes a grace later, and not at once", () => {
  const signatureLink = revisionLink(layout, "n", signature.digest);
  for (const [how, name, path] of [
    ["its tag", signatureTag, tagLink(layout, "n", signatureTag)],
    ["its digest", undefined, signatureLink],
  ] as const)
    test(`by ${how}`, () => {
      const registry = memoryRegistry({ undoSeconds: week });
      const { context, disk } = registry;
      registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, name));
      registry.wait(1);
      deleteReference(context, { ...tag, verb: "delete", flags: ["digest", "apply"] });
      registry.collect(25);
      registry.ask(putBlob("n/b", layer));
      registry.collect(25);
      assert.equal(disk.has(path), false);
      restore(context, { ...tag, tag: name, digest: name === undefined ? signature.digest : undefined });
      registry.collect(1);
      assert.deepEqual([disk.has(path), presentOf(registry, "n", signature)], [true, whole]);
      registry.collect(23);
      assert.equal(
        disk.has(layerLink(layout, "n/b", layer)),
        false,
        "the grace of another repository goes on",
      );
      registry.collect(2);
      assert.equal(disk.has(path), false);
    });
});

test("links that are written are on the disk before they have their names: a power cut must not leave an empty one", () => {
  const registry = memoryRegistry({ untaggedSeconds: 3600, undoSeconds: week });
  registry.ask(...push("n", "v"));
  index(registry.context);
  registry.ask(deleteTag("n", "v", [image.digest]));
  registry.collect(1);
  const through = new Set<string>();
  const named: string[] = [];
  const name = (from: string, to: string) => {
    if (!to.startsWith(layout.repositories)) return;
    assert.ok(through.has(from), to);
    named.push(to);
  };
  const disk: Disk = {
    ...countedDisk(registry.disk, () => {}),
    writeThrough(path, text) {
      through.add(path);
      registry.disk.write(path, text);
    },
    move(from, to) {
      name(from, to);
      return registry.disk.move(from, to);
    },
    link(from, to) {
      name(from, to);
      return registry.disk.link(from, to);
    },
  };
  restore({ ...registry.context, disk }, tag);
  const tagLinks = [tagIndexLink(layout, "n", "v", image.digest), tagLink(layout, "n", "v")];
  assert.deepEqual(named, [link, ...tagLinks]);
});

describe("what was restored a moment ago", () => {
  const deletesIn = ({ context }: MemoryRegistry) =>
    deleteReference(context, { ...manifest, verb: "delete", flags: ["digest"] });

  test("is deleted by digest again", () => {
    const registry = memoryRegistry({ untaggedSeconds: 3600, undoSeconds: week });
    registry.ask(...push("n", "v"));
    registry.wait(1);
    const before = registry.disk.stat(link);
    deletesIn(registry);
    restore(registry.context, tag);
    assert.deepEqual(registry.disk.stat(link), before, "it is the link that it was");
    deletesIn(registry);
    assert.ok(!registry.disk.has(link));
  });

  test("cannot be told from a push if a collection had taken it, and is deleted by digest a while later", () => {
    const registry = collected();
    restore(registry.context, manifest);
    assert.throws(
      () => deletesIn(registry),
      /^Error: n@\S+ stays: \S+ was pushed or restored just now, .* in 15 minutes$/,
    );
    registry.wait(0.3);
    deletesIn(registry);
    assert.ok(!registry.disk.has(link));
  });
});

describe("of a tag that is restored while a collection is about to take what it needs, nothing moves", () => {
  const deletions: readonly (readonly [by: string, deletes: (registry: MemoryRegistry) => unknown])[] = [
    ["the keeper", ({ context }) => deleteReference(context, { ...tag, verb: "delete" })],
    ["a client", (registry) => registry.ask(deleteTag("n", "v", [image.digest, imageIndex.digest]))],
  ];
  for (const [by, deletes] of deletions) {
    for (const [what, pushed] of [
      ["an image", []],
      ["an index", [putManifest("n", imageIndex, "v")]],
    ] as const)
      test(`${what} whose tag was deleted by ${by}`, () => {
        const registry = memoryRegistry({ untaggedSeconds: 3600, undoSeconds: week });
        registry.ask(...push("n", "v"), ...pushed);
        registry.wait(1);
        index(registry.context);
        deletes(registry);
        for (let run = 0; run < 2; run++) registry.collect(25);
        registry.wait(25);
        mark(registry.context);
        restore(registry.context, tag);
        const moved: string[] = [];
        const disk: Disk = {
          ...countedDisk(registry.disk, () => {}),
          move(from, to) {
            moved.push(from);
            return registry.disk.move(from, to);
          },
        };
        for (const step of [takeLinks, lookOnce, takeBlobs, lookOnce, finish])
          step({ ...registry.context, disk });
        assert.deepEqual(moved, []);
        assert.equal(presentOf(registry, "n", image), whole);
      });
  }
});
