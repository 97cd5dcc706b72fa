import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import type { Disk } from "../../../components/keeper/program/disk";
import { Unreadable } from "../../../components/keeper/program/job";
import {
  blobData,
  layerLink,
  revisionLink,
  tagLink,
  tagsFolder,
} from "../../../components/keeper/program/layout";
import { countedDisk } from "../../support/keeper/countedDisk";
import type { MemoryDisk } from "../../support/keeper/memoryDisk";
import { memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import {
  another,
  image,
  index,
  layer,
  other,
  push,
  signature,
  signatureTag,
} from "../../support/keeper/modelImages";
import {
  deleteManifest,
  deleteTag,
  digestOf,
  type Image,
  layout,
  putBlob,
  putManifest,
  textOf,
} from "../../support/keeper/registryClient";

describe("a collection takes", () => {
  test("what was deleted, in the run a grace after the one that first found it unneeded", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), deleteManifest("n", image, ["v"]));
    const { text } = registry.collect(100);
    assert.match(
      text,
      /^took 0 blobs .*\n2 blobs \(\d+ B\) and 1 link that nothing needs wait for their grace: the first may go with a collection after 2026-01-06T03:59Z\n$/,
    );
    assert.equal(presentOf(registry, "n", image), "its blob, layer, its blob");
    registry.collect(23);
    assert.equal(presentOf(registry, "n", image), "its blob, layer, its blob");
    const { json, text: last } = registry.collect(2);
    assert.doesNotMatch(last, /wait for/);
    assert.equal(presentOf(registry, "n", image), "");
    assert.deepEqual(Object(json).taken, { links: 1, blobs: 2, bytes: textOf(image).length + layer.length });
  });

  test("what was deleted from a repository that somebody pushes to in every run", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), deleteManifest("n", image, ["v"]));
    for (const hours of [100, 25]) {
      registry.wait(hours);
      mark(registry.context);
      registry.wait(0.01);
      registry.ask(putBlob("n", other), putManifest("n", another, "busy"));
      for (const step of [takeLinks, lookOnce, takeBlobs, lookOnce, finish]) step(registry.context);
    }
    assert.equal(presentOf(registry, "n", image), "");
    assert.equal(presentOf(registry, "n", another), whole);
  });

  test("nothing that somebody pushed meanwhile needs, also where an earlier run would have found it to be dead", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.wait(25);
    mark(registry.context);
    const link = layerLink(layout, "n", other);
    const disk: Disk = {
      ...countedDisk(registry.disk, () => {}),
      move(from, to) {
        // Its tag and manifest are in the trash; the registry looks for the layer just before that is gone as well.
        if (from === link) registry.ask(putManifest("n", signature, signatureTag));
        return registry.disk.move(from, to);
      },
    };
    registry.wait(0.01);
    takeLinks({ ...registry.context, disk });
    for (const step of [lookOnce, takeBlobs, lookOnce, finish]) step(registry.context);
    assert.equal(presentOf(registry, "n", signature), whole);
    assert.equal(presentOf(registry, "n", image), "");
  });

  test("nothing that a run between found needed", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.ask(putManifest("n", image, "w"));
    registry.collect(12);
    registry.ask(deleteManifest("n", image, ["w"]));
    registry.collect(13);
    assert.equal(presentOf(registry, "n", image), "its blob, layer, its blob");
    registry.collect(25);
    assert.equal(presentOf(registry, "n", image), "");
  });

  test("anew from the beginning of the grace when its memory is lost", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), deleteManifest("n", image, ["v"]));
    registry.collect(100);
    registry.disk.removeFile("/control/state/candidates.json");
    registry.collect(25);
    assert.equal(presentOf(registry, "n", image), "its blob, layer, its blob");
    registry.disk.write("/control/state/candidates.json", "{ torn");
    registry.collect(25);
    assert.equal(presentOf(registry, "n", image), "its blob, layer, its blob");
    registry.collect(25);
    assert.equal(presentOf(registry, "n", image), "");
  });

  test("no manifest without a tag, unless it is told when they go, and no child of an index that has one", () => {
    const kept = memoryRegistry();
    const gone = memoryRegistry({ untaggedSeconds: 3600 });
    for (const registry of [kept, gone]) {
      registry.ask(...push("n", "v"), deleteTag("n", "v", [image.digest]), ...push("m", "v"));
      registry.ask(putManifest("m", index, "v"));
      for (let run = 0; run < 3; run++) registry.collect(25);
      assert.equal(presentOf(registry, "m", image), whole);
    }
    assert.equal(presentOf(kept, "n", image), whole);
    assert.equal(presentOf(gone, "n", image), "its blob, its blob");
  });

  test("a signature with its subject and not before, by its tag or by what it says, and nothing without a subject that was here", () => {
    const registry = memoryRegistry();
    const untagged: Image = { digest: digestOf("5"), layers: [other], subject: image.digest };
    const early: Image = { digest: digestOf("6"), layers: [other], subject: digestOf("f") };
    registry.ask(...push("n", "v"), putBlob("n", other), putManifest("n", signature, signatureTag));
    registry.ask(putManifest("n", untagged), putManifest("n", early, `sha256-${"e".repeat(64)}.sig`));
    registry.collect(100);
    registry.collect(25);
    assert.equal(presentOf(registry, "n", signature), whole);
    registry.ask(deleteManifest("n", image, ["v"]));
    registry.collect(25);
    registry.collect(25);
    assert.equal(presentOf(registry, "n", signature), "layer, its blob");
    assert.equal(presentOf(registry, "n", untagged), "layer, its blob");
    assert.equal(presentOf(registry, "n", early), whole);
    assert.deepEqual(registry.disk.names(tagsFolder(layout, "n")), [`sha256-${"e".repeat(64)}.sig`]);
  });

  test("nothing of a repository within another that has nothing left, which leaves the list", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"), ...push("n/b", "v"), deleteManifest("n", image, ["v"]));
    assert.deepEqual(registry.listed(), ["n", "n/b"]);
    registry.collect(1);
    assert.deepEqual(registry.listed(), ["n/b"]);
    registry.collect(25);
    assert.equal(presentOf(registry, "n/b", image), whole);
    assert.deepEqual(registry.disk.names(`${layout.repositories}/n`), ["b"]);
    registry.ask(...push("n", "new"));
    assert.deepEqual(registry.listed(), ["n", "n/b"]);
  });

  test("uploads whose newest file is old, however long ago they began", () => {
    const registry = memoryRegistry();
    const uploads = `${layout.repositories}/n/_uploads`;
    registry.disk.write(`${uploads}/idle/startedat`, "");
    registry.disk.write(`${uploads}/slow/startedat`, "");
    registry.disk.write(`${uploads}/idle/hashstates/sha256/5`, "");
    registry.wait(6 * 24);
    registry.disk.write(`${uploads}/slow/data`, "more");
    registry.collect(25);
    assert.deepEqual(registry.disk.names(uploads), ["slow"]);
  });
});

describe("by the clock of the disk", () => {
  test("what a lagging file system may have stamped two seconds early is still within its grace", () => {
    for (const [seconds, isLeft] of [
      [1, true],
      [3, false],
    ] as const) {
      const registry = memoryRegistry();
      registry.ask(putBlob("n", other));
      mark(registry.context);
      registry.disk.now += 24 * 3_600_000 + seconds * 1000;
      mark(registry.context);
      takeLinks(registry.context);
      assert.equal(registry.disk.has(layerLink(layout, "n", other)), isLeft, `${seconds} s after the grace`);
    }
  });

  test("an empty folder stays for the settling time, as the registry may be about to write in it", () => {
    const registry = memoryRegistry();
    const { context, disk } = registry;
    registry.ask(...push("n", "v"));
    const folder = `${layout.repositories}/n/_layers/sha256/${"c".repeat(64)}`;
    const afterARun = (minutes: number): boolean => {
      disk.write(`${folder}/link`, "");
      disk.removeFile(`${folder}/link`);
      mark(context);
      takeLinks(context);
      lookOnce(context);
      takeBlobs(context);
      lookOnce(context);
      disk.now += minutes * 60_000;
      finish(context);
      return disk.has(folder);
    };
    assert.equal(afterARun(14), true);
    assert.equal(afterARun(16), false);
  });
});

describe("a mark", () => {
  test("stops the run, and takes nothing, for a link that is empty, has another digest in it or cannot be read", () => {
    const damages: readonly ((disk: MemoryDisk) => unknown)[] = [
      (disk) => disk.write(layerLink(layout, "m", layer), ""),
      (disk) => disk.write(revisionLink(layout, "m", image.digest), other),
      (disk) => disk.write(tagLink(layout, "m", "v"), "v2"),
      (disk) => disk.write(blobData(layout, image.digest), "{"),
      (disk) => disk.removeFile(blobData(layout, image.digest)),
    ];
    for (const damage of damages) {
      const registry = memoryRegistry();
      registry.ask(...push("m", "v"), putBlob("n", other));
      registry.collect(100);
      registry.wait(25);
      damage(registry.disk);
      assert.throws(() => mark(registry.context), Unreadable);
      assert.throws(() => takeLinks(registry.context), /begin it with "mark"/);
      assert.ok(registry.disk.has(layerLink(layout, "n", other)));
    }
  });

  test("goes on where the registry takes it: an index without a child, a layer that is elsewhere, a link by another algorithm", () => {
    const registry = memoryRegistry();
    const { disk } = registry;
    const long = `sha512:${"c".repeat(128)}`;
    const nowhere = digestOf("d");
    registry.ask(...push("n", "v"), putBlob("n", other));
    disk.write(layerLink(layout, "n", long), other);
    const odd = digestOf("7");
    disk.write(
      blobData(layout, odd),
      JSON.stringify({
        schemaVersion: 2,
        config: { digest: long },
        layers: [
          { digest: long },
          { digest: nowhere, mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" },
        ],
      }),
    );
    const sparse = digestOf("8");
    disk.write(
      blobData(layout, sparse),
      JSON.stringify({ schemaVersion: 2, manifests: [{ digest: nowhere }, { digest: image.digest }] }),
    );
    for (const [tag, digest] of Object.entries({ odd, sparse })) {
      disk.write(revisionLink(layout, "n", digest), digest);
      disk.write(tagLink(layout, "n", tag), digest);
    }
    registry.ask(deleteTag("n", "v", [image.digest]));
    registry.collect(100);
    const { json } = registry.collect(25);
    assert.deepEqual(Object(json).lost, []);
    assert.equal(presentOf(registry, "n", image), whole);
    assert.ok(disk.has(blobData(layout, other)) && disk.has(layerLink(layout, "n", long)));
    assert.ok(!disk.has(layerLink(layout, "n", other)));
  });

  test("gives back a layer that an index names which was pushed without a look at its children", () => {
    const registry = memoryRegistry();
    const { disk } = registry;
    registry.ask(putBlob("n", other), ...push("n", "v"));
    registry.collect(100);
    registry.wait(25);
    mark(registry.context);
    takeLinks(registry.context);
    assert.ok(!disk.has(layerLink(layout, "n", other)));
    const cache = digestOf("8");
    disk.write(blobData(layout, cache), JSON.stringify({ schemaVersion: 2, manifests: [{ digest: other }] }));
    disk.write(revisionLink(layout, "n", cache), cache);
    disk.write(tagLink(layout, "n", "cache"), cache);
    lookOnce(registry.context);
    assert.ok(disk.has(layerLink(layout, "n", other)) && disk.has(blobData(layout, other)));
  });

  test("tells what a tag lacks that nothing can give back, and goes on", () => {
    const registry = memoryRegistry();
    registry.ask(...push("n", "v"));
    registry.disk.removeFile(layerLink(layout, "n", layer));
    const { json } = registry.collect(1);
    assert.deepEqual(Object(json).lost, [`n:v lacks ${layerLink(layout, "n", layer)}`]);
  });
});
