import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { diskTime } from "../../../components/keeper/program/clock";
import { runJob } from "../../../components/keeper/program/jobs";
import {
  blobData,
  blobFolder,
  layerLink,
  revisionLink,
  tagLink,
  tagsFolder,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { takeAll } from "../../../components/keeper/program/take";
import { blobThing, thingAt } from "../../../components/keeper/program/trash";
import { askKeeper, keeperRefusal } from "../../support/askKeeper";
import { type Described, digestOf, inRegistryTree, type RegistryTree } from "../../support/registryTree";

/** All files below the registry's root with their times and contents. */
function snapshot({ layout }: RegistryTree): string[] {
  const files = (folder: string): string[] =>
    (nodeDisk.names(folder) ?? []).flatMap((name) => {
      const path = `${folder}/${name}`;
      const stat = nodeDisk.stat(path);
      return stat?.isFolder ? files(path) : [`${path} ${stat?.modified} ${nodeDisk.read(path)}`];
    });
  return files(layout.root).sort();
}

/** Takes links and blobs as a collection does. */
function collect({ layout }: RegistryTree, links: readonly string[], blobs: readonly string[] = []): void {
  const things = links.flatMap((path) => thingAt(nodeDisk, path) ?? []);
  takeAll(nodeDisk, layout, { kind: "collection" }, things);
  const folders = blobs.flatMap((digest) => {
    const stat = nodeDisk.stat(blobData(layout, digest));
    return stat === undefined ? [] : [blobThing(blobFolder(layout, digest), stat)];
  });
  takeAll(nodeDisk, layout, { kind: "collection" }, folders);
}

/** What a registry does that is told to delete a tag, or a manifest. */
function clientDeletesTag({ layout }: RegistryTree, repository: string, tag: string): void {
  rmSync(`${tagsFolder(layout, repository)}/${tag}`, { recursive: true });
}

describe("restore out of the trash", () => {
  test("puts a tag back exactly as it was", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      tree.age(tagLink(tree.layout, "n", "v1"), 1_000_000);
      const before = snapshot(tree);
      askKeeper(tree, "delete", "n:v1");
      assert.notDeepEqual(snapshot(tree), before);
      const { text, json } = askKeeper(tree, "restore", "n:v1");
      assert.deepEqual(snapshot(tree), before);
      assert.match(text, new RegExp(`^Restored n:v1: it points to ${digest} again\\.\n`));
      assert.match(text, /^From the trash, exactly as it was: pushed \d{4}-\d\d-\d\dT\d\d:\d\dZ\.$/m);
      assert.deepEqual(json, {
        repository: "n",
        digest,
        tags: ["v1"],
        from: "trash",
        returned: 0,
        absent: [],
        signatures: { back: [], lost: [] },
      });
    });
  });

  test("brings back whatever the tag needs from wherever in the trash it is", () => {
    inRegistryTree((tree) => {
      const children = ["linux/amd64", "linux/arm64"].map((platform) =>
        tree.image("n/b", { platform, layers: [`layer of ${platform}`] }),
      );
      const { digest } = tree.index("n/b", children, "v1");
      const before = snapshot(tree);
      askKeeper(tree, "delete", "n/b:v1", "digest");
      const blobs = [digest, ...children.map(({ digest }) => digest), digestOf("layer of linux/amd64")];
      collect(tree, [layerLink(tree.layout, "n/b", digestOf("layer of linux/amd64"))]);
      collect(tree, [], blobs);
      const { text, json } = askKeeper(tree, "restore", "n/b:v1");
      assert.deepEqual(snapshot(tree), before);
      assert.match(text, /^Of what it needs 8 files came back from the trash\.$/m);
      assert.equal(Object(json).returned, 8);
      assert.equal(askKeeper(tree, "verify").failed, false);
    });
  });

  test("puts a manifest back with the tags that went with it, but not over one that is there", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      for (const tag of ["v2", "v3"]) tree.tag("n", tag, digest);
      askKeeper(tree, "delete", "n:v3");
      askKeeper(tree, "delete", `n@${digest}`, "digest");
      const newer = tree.image("n", { tag: "v2", layers: ["newer"] });
      const { text } = askKeeper(tree, "restore", `n@${digest}`);
      assert.match(
        text,
        /^Restored n@sha256:\S+ with 1 tag: v1\.\nPushed again since and left as they are: v2\.$/m,
      );
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), digest);
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v2")), newer.digest);
      assert.ok(!existsSync(tagLink(tree.layout, "n", "v3")), "deleted by itself, it is restored by itself");
    });
  });

  test("takes the newest of several", () => {
    inRegistryTree((tree) => {
      for (const layers of [["old"], ["new"]]) {
        tree.image("n", { tag: "v1", layers });
        askKeeper(tree, "delete", "n:v1");
        // The clock of a disk may stand for some milliseconds.
        const deleted = diskTime(nodeDisk, tree.layout);
        while (diskTime(nodeDisk, tree.layout) === deleted);
      }
      const { digest } = tree.image("n", { layers: ["new"] });
      askKeeper(tree, "restore", "n:v1");
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), digest);
    });
  });

  test("never writes over a tag that is there, and says so", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1" });
      askKeeper(tree, "delete", "n:v1");
      const newer = tree.image("n", { tag: "v1", layers: ["newer"] });
      const before = snapshot(tree);
      const sentence = keeperRefusal(tree, "restore", "n:v1");
      assert.equal(
        sentence,
        `n:v1 is there and points to ${newer.digest.slice(0, 19)}: it stays. To have an older one back, delete it first`,
      );
      assert.deepEqual(snapshot(tree), before);
    });
  });

  test("moves nothing if something that it needs is purged", () => {
    inRegistryTree((tree) => {
      tree.image("n", { tag: "v1", layers: ["one", "two"] });
      askKeeper(tree, "delete", "n:v1", "digest");
      rmSync(blobFolder(tree.layout, digestOf("two")), { recursive: true });
      const before = snapshot(tree);
      assert.match(
        keeperRefusal(tree, "restore", "n:v1"),
        /nothing was restored: its layer sha256:\w{12} is neither here nor in the trash/,
      );
      assert.deepEqual(snapshot(tree), before);
    });
  });

  test("restores a sparse index without what never was there, and says so", () => {
    inRegistryTree((tree) => {
      const here = tree.image("n");
      const away: Described = { ...here, digest: digestOf("away") };
      tree.index("n", [here, away], "v1");
      askKeeper(tree, "delete", "n:v1");
      const { text } = askKeeper(tree, "restore", "n:v1");
      assert.match(
        text,
        new RegExp(`^Not here, as an index may be without: ${away.digest.slice(0, 19)}\\.$`, "m"),
      );
    });
  });

  test("refuses what it knows nothing of, and a manifest of another repository", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("secret", { tag: "v1" });
      tree.layer("n", "x");
      assert.match(
        keeperRefusal(tree, "restore", "n:v1"),
        /not in the trash, and no index has seen it of late/,
      );
      assert.match(keeperRefusal(tree, "restore", `n@${digest}`), /never was in this repository$/);
      assert.match(keeperRefusal(tree, "restore", `secret@${digest}`), /is there: nothing to restore$/);
      askKeeper(tree, "delete", "secret:v1", "digest");
      assert.match(keeperRefusal(tree, "restore", `n@${digest}`), /never was in this repository$/);
    });
  });
});

describe("restore of what other clients deleted", () => {
  test("puts the tag back by the hourly index, and says that its time is now", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n/b", { tag: "__proto__" });
      runJob(tree.context, "index");
      clientDeletesTag(tree, "n/b", "__proto__");
      const { text, json } = askKeeper(tree, "restore", "n/b:__proto__");
      assert.match(
        text,
        /^From the hourly index: so it was at \S+Z, pushed \S+Z\. It counts as pushed now\.$/m,
      );
      assert.equal(Object(json).from, "index");
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n/b", "__proto__")), digest);
      assert.equal(askKeeper(tree, "verify").failed, false);
    });
  });

  test("also when the manifest went with the tag, and its blob is in the trash since", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1", layers: ["one"] });
      runJob(tree.context, "index");
      clientDeletesTag(tree, "n", "v1");
      rmSync(revisionLink(tree.layout, "n", digest));
      runJob(tree.context, "index");
      const links = [layerLink(tree.layout, "n", digestOf("one"))];
      collect(tree, links, [digest, digestOf("one")]);
      runJob(tree.context, "index");
      askKeeper(tree, "restore", "n:v1");
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), digest);
      assert.equal(askKeeper(tree, "verify").failed, false);
    });
  });

  test("also of the manifest alone, by the folder that the registry leaves of its link", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      const link = revisionLink(tree.layout, "n", digest);
      clientDeletesTag(tree, "n", "v1");
      rmSync(link);
      assert.ok(existsSync(dirname(link)));
      assert.match(askKeeper(tree, "restore", `n@${digest}`).text, /with no tag\.$/m);
      assert.equal(nodeDisk.read(link), digest);
    });
  });

  test("takes what is newer: what the keeper took, or what the index has seen after that", () => {
    inRegistryTree((tree) => {
      const taken = tree.image("n", { tag: "v1", layers: ["taken"] });
      runJob(tree.context, "index");
      askKeeper(tree, "delete", "n:v1");
      askKeeper(tree, "restore", "n:v1");
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), taken.digest);
      askKeeper(tree, "delete", "n:v1");
      const later = tree.image("n", { tag: "v1", layers: ["pushed later"] });
      runJob(tree.context, "index");
      clientDeletesTag(tree, "n", "v1");
      askKeeper(tree, "restore", "n:v1");
      assert.equal(nodeDisk.read(tagLink(tree.layout, "n", "v1")), later.digest);
    });
  });

  test("does not put back a tag whose manifest is purged", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("n", { tag: "v1" });
      runJob(tree.context, "index");
      clientDeletesTag(tree, "n", "v1");
      rmSync(blobFolder(tree.layout, digest), { recursive: true });
      assert.match(
        keeperRefusal(tree, "restore", "n:v1"),
        /^nothing was restored: the manifest sha256:\w{12} is neither here/,
      );
      assert.ok(!existsSync(tagLink(tree.layout, "n", "v1")));
    });
  });
});
