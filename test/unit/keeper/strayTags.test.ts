import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import { deleteReference } from "../../../components/keeper/program/delete";
import type { Disk } from "../../../components/keeper/program/disk";
import { index } from "../../../components/keeper/program/index";
import { runJob } from "../../../components/keeper/program/jobs";
import { tagIndexLink, tagLink, tagsFolder } from "../../../components/keeper/program/layout";
import { answerTo } from "../../../components/keeper/program/verbs";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import { countedDisk } from "../../support/keeper/countedDisk";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import { another, image, layer, other, push } from "../../support/keeper/modelImages";
import {
  cutShort,
  deleteManifest,
  deleteTag,
  layout,
  putBlob,
  putManifest,
} from "../../support/keeper/registryClient";
import { inRegistryTree } from "../../support/registryTree";

const history = tagIndexLink(layout, "n", "v", image.digest);

const tagsListed = ({ disk }: MemoryRegistry) => disk.names(tagsFolder(layout, "n")) ?? [];

/** A push that wrote the history of its tag and not the tag. */
const cutPush = cutShort(putManifest("n", image, "v"), 1);

describe("a tag without a current link leaves the registry's list", () => {
  test("a grace after a push of it was last cut short, and its repository with its last manifest", () => {
    const registry = memoryRegistry();
    registry.ask(putBlob("n", layer), cutPush);
    registry.collect(1);
    registry.collect(23);
    assert.deepEqual(tagsListed(registry), ["v"], "within the grace");
    registry.ask(cutPush);
    registry.collect(2);
    assert.deepEqual(tagsListed(registry), ["v"], "cut short a second time");
    registry.collect(25);
    assert.deepEqual(tagsListed(registry), []);
    assert.equal(presentOf(registry, "n", image), whole);
    registry.ask(deleteManifest("n", image, []));
    registry.collect(1);
    assert.deepEqual(registry.listed(), []);
  });

  test("a grace after its deletion was cut short, with all that it has ever pointed to", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", another, "v"));
    registry.ask(cutShort(deleteTag("n", "v", [image.digest, another.digest]), 2));
    registry.collect(100);
    assert.deepEqual(tagsListed(registry), ["v"]);
    registry.collect(25);
    assert.deepEqual(tagsListed(registry), []);
    assert.equal(presentOf(registry, "n", image), whole);
  });

  test("and no history goes of one that has it", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", another, "v"));
    for (let run = 0; run < 3; run++) registry.collect(25);
    assert.ok(registry.disk.has(history));
    assert.ok(registry.disk.has(tagIndexLink(layout, "n", "v", another.digest)));
  });
});

/** Runs a collection in which the history goes, while somebody does something just before or after it moves. */
function collectWhile(registry: MemoryRegistry, before: () => void, after: () => void): void {
  registry.collect(100);
  registry.wait(25);
  let moves = 0;
  const disk: Disk = {
    ...countedDisk(registry.disk, () => {}),
    move(from, to) {
      if (from !== history) return registry.disk.move(from, to);
      moves += 1;
      before();
      const moved = registry.disk.move(from, to);
      after();
      return moved;
    },
  };
  const context = { ...registry.context, disk };
  mark(context);
  takeLinks(context);
  assert.equal(moves, 1);
  for (const step of [lookOnce, takeBlobs, lookOnce, finish]) {
    registry.wait(0.25);
    step(context);
  }
}

test("a tag that is pushed again while its history goes is there with it, wherever in its push that is", () => {
  const again = putManifest("n", image, "v");
  for (let step = 0; step <= again.operations.length; step++) {
    const registry = memoryRegistry();
    const { disk } = registry;
    registry.ask(putBlob("n", layer), cutPush);
    const askPart = (first: number, last: number): void => {
      if (first < last) registry.ask({ name: "a part", operations: again.operations.slice(first, last) });
    };
    collectWhile(
      registry,
      () => askPart(0, step),
      () => askPart(step, again.operations.length),
    );
    for (let run = 0; run < 2; run++) registry.collect(25);
    assert.deepEqual(
      [tagLink(layout, "n", "v"), history].map((path) => disk.read(path)),
      [image.digest, image.digest],
    );
    assert.equal(presentOf(registry, "n", image), whole);
  }
});

describe("of a tag that is restored while what is left of it is about to go, the history stays", () => {
  const restored = (registry: MemoryRegistry, ...paths: readonly string[]) => {
    registry.collect(100);
    registry.wait(25);
    mark(registry.context);
    assert.ok(
      answerTo(registry.context, { verb: "restore", user: "alice", repository: "n", tag: "v", flags: [] }),
    );
    for (const step of [takeLinks, lookOnce, takeBlobs, lookOnce, finish]) step(registry.context);
    for (const path of [tagLink(layout, "n", "v"), ...paths]) assert.ok(registry.disk.has(path), path);
  };

  test("by the hourly index", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", another, "v"));
    index(registry.context);
    registry.ask(cutShort(deleteTag("n", "v", [image.digest, another.digest]), 2));
    restored(registry, tagIndexLink(layout, "n", "v", another.digest));
  });

  test("out of the trash, also what a push has left since", () => {
    const registry = memoryRegistry({ undoSeconds: 7 * 24 * 3600 });
    registry.ask(...push("n", "v"));
    registry.wait(1);
    deleteReference(registry.context, { verb: "delete", user: "u", repository: "n", tag: "v", flags: [] });
    registry.ask(putBlob("n", other), cutPush, cutShort(putManifest("n", another, "v"), 1));
    restored(registry, history, tagIndexLink(layout, "n", "v", another.digest));
  });
});

test("people are told that a tag without a current link is gone, and may have it back", () => {
  inRegistryTree((tree) => {
    const { digest } = tree.image("n", { tag: "v1" });
    runJob(tree.context, "index");
    rmSync(tagLink(tree.layout, "n", "v1"));
    runJob(tree.context, "index");
    const [row] = Object(askKeeper(tree, "list").json).repositories;
    assert.deepEqual([row.repository, row.tags, row.newestPush], ["n", 0, null]);
    const { text, json } = askKeeper(tree, "tags", "n");
    assert.equal(text, "no tags in n\n");
    assert.deepEqual(Object(json).deleted, [{ tag: "v1", until: null }]);
    assert.equal(Object(askKeeper(tree, "report").json).repositories[0].tags, 0);
    assert.equal(askKeeper(tree, "verify").failed, false);
    assert.equal(keeperRefusal(tree, "show", "n:v1"), "there is no tag n:v1");
    askKeeper(tree, "restore", "n:v1");
    assert.equal(Object(askKeeper(tree, "show", "n:v1").json).digest, digest);
  });
});
