import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runJob } from "../../../components/keeper/program/jobs";
import { blobData, layerLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { countQuotas, heldOf } from "../../../components/keeper/program/quotas";
import { trashed } from "../../../components/keeper/program/trashed";
import { askKeeper } from "../../support/askKeeper";
import { memoryRegistry } from "../../support/keeper/memoryRegistry";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const inControl = ({ context }: RegistryTree, path: string) => `${context.settings.controlFolder}/${path}`;
const raise = (tree: RegistryTree) => tree.write(inControl(tree, "flags/disk"), "{}");
const outlookOf = (tree: RegistryTree) => {
  runJob(tree.context, "outlook");
  return nodeDisk.read(inControl(tree, "state/outlook")) ?? "";
};

describe("on a full disk", () => {
  test("what waits to go says when it can, and how much it is", () => {
    inRegistryTree(
      (tree) => {
        assert.match(outlookOf(tree), /^nothing waits to be removed: delete images, or/);
        tree.blob("x".repeat(3000));
        runJob(tree.context, "mark");
        const text = outlookOf(tree);
        assert.match(
          text,
          /^the next space can come at \d{4}-\d\d-\d\dT\d\d:\d\dZ, and 2\.9 KiB in all; delete images/,
        );
        const when = Date.parse(/at (\S+),/.exec(text)?.[1] ?? "");
        const hours = (when - Date.now()) / 3_600_000;
        assert.ok(hours > 24.9 && hours < 25.1, `the grace and the least time in the trash: ${hours}`);
      },
      { graceSeconds: 24 * 3600, minimumTrashSeconds: 3600, undoSeconds: 7 * 86_400 },
    );
  });

  test("uploads that are silent go sooner, and no others", () => {
    inRegistryTree(
      (tree) => {
        const folder = `${tree.layout.repositories}/n/_uploads`;
        for (const [id, age] of [
          ["old", 3700],
          ["new", 3000],
        ] as const) {
          tree.write(`${folder}/${id}/data`, "x");
          tree.age(`${folder}/${id}/data`, age);
        }
        tree.image("n", { tag: "v1" });
        runJob(tree.context, "relief");
        assert.deepEqual(nodeDisk.names(folder)?.sort(), ["new", "old"]);
        raise(tree);
        runJob(tree.context, "relief");
        assert.deepEqual(nodeDisk.names(folder), ["new"]);
      },
      { minimumTrashSeconds: 3600, uploadSeconds: 7 * 86_400 },
    );
  });

  test("what is deleted can be had back for the least time in the trash, and no more is promised", () => {
    inRegistryTree(
      (tree) => {
        for (const tag of ["v1", "v2", "v3"]) tree.image("n", { tag, layers: [tag] });
        const hours = (until: unknown) => Math.round((Date.parse(String(until)) - Date.now()) / 3_600_000);
        assert.equal(hours(Object(askKeeper(tree, "delete", "n:v1").json).undoUntil), 7 * 24);
        raise(tree);
        const { text, json } = askKeeper(tree, "delete", "n:v2");
        assert.equal(hours(Object(json).undoUntil), 1);
        assert.match(
          text,
          /^Until \S+Z it can be undone, and no longer, as the disk is too full for pushes: restore n:v2$/m,
        );
        assert.equal(hours(Object(askKeeper(tree, "delete", "n:v3", "digest").json).undoUntil), 1);
        const { deleted } = Object(askKeeper(tree, "tags", "n").json);
        assert.deepEqual(
          deleted.map(({ until }: { until: string }) => hours(until)),
          [1, 1, 1],
        );
        for (const { until } of trashed(tree.context, tree.layout)) assert.equal(hours(until), 1);
      },
      { minimumTrashSeconds: 3600, undoSeconds: 7 * 86_400 },
    );
  });

  test("the trash is emptied after its least time, and else after the time for an undo", () => {
    for (const isFull of [false, true]) {
      const { context, disk, collect } = memoryRegistry({
        undoSeconds: 7 * 86_400,
        minimumTrashSeconds: 3600,
      });
      disk.write(
        `${context.settings.dataFolder}/docker/registry/v2/blobs/sha256/ab/ab${"0".repeat(62)}/data`,
        "unneeded",
      );
      if (isFull) disk.write(`${context.settings.controlFolder}/flags/disk`, "{}");
      collect(0);
      collect(25);
      collect(2);
      const left = (disk.names(`${context.settings.dataFolder}/.trash`) ?? []).filter((name) =>
        /^\d/.test(name),
      );
      assert.equal(left.length, isFull ? 0 : 1);
    }
  });
});

describe("a quota", () => {
  const quotas = [
    { repositories: ["team/*"], bytes: 5000 },
    { repositories: ["**"], bytes: 1_000_000 },
  ];
  const flagOf = (tree: RegistryTree, index: number) =>
    nodeDisk.read(inControl(tree, `flags/quota-${index}`));

  test("counts each blob of its repositories once", () => {
    inRegistryTree(
      (tree) => {
        const shared = tree.layer("team/a", "x".repeat(1000));
        tree.layer("team/b", "x".repeat(1000));
        tree.layer("team/b/deep", "y".repeat(500));
        tree.layer("other", "z".repeat(300));
        assert.deepEqual(
          heldOf(tree.context).map(({ held }) => held),
          [1000, 1800],
        );
        assert.equal(shared.size, 1000);
      },
      { quotas },
    );
  });

  test("raises its flag with a sentence, and lowers it", () => {
    inRegistryTree(
      (tree) => {
        const { digest } = tree.layer("team/a", "x".repeat(6000));
        countQuotas(tree.context);
        assert.deepEqual(JSON.parse(flagOf(tree, 0) ?? ""), {
          errors: [
            {
              code: "DENIED",
              message:
                "team/* may hold 4.9 KiB and holds 5.9 KiB, and no push begins until it is less: delete images; they count until the keeper has collected them",
            },
          ],
        });
        assert.equal(flagOf(tree, 1), undefined);
        nodeDisk.removeFile(layerLink(tree.layout, "team/a", digest));
        countQuotas(tree.context);
        assert.equal(flagOf(tree, 0), undefined);
      },
      { quotas },
    );
  });

  test("reads a repository again only where something came or went, and at least each hour", () => {
    inRegistryTree(
      (tree) => {
        tree.layer("team/a", "x".repeat(10));
        const links = `${tree.layout.repositories}/team/a/_layers/sha256`;
        tree.age(links, 300);
        countQuotas(tree.context);
        const looked: string[] = [];
        const context = {
          ...tree.context,
          disk: {
            ...nodeDisk,
            stat(path: string) {
              looked.push(path);
              return nodeDisk.stat(path);
            },
          },
        };
        countQuotas(context);
        assert.deepEqual(
          looked.filter((path) => path.endsWith("/link")),
          [],
        );
        tree.layer("team/a", "y".repeat(10));
        assert.equal(heldOf(context)[0]?.held, 20);
        assert.ok(looked.some((path) => path.endsWith("/link")));
        const file = inControl(tree, "state/quotas.json");
        const old = JSON.parse(nodeDisk.read(file) ?? "");
        tree.age(links, 300);
        for (const known of Object.values<{ read: number; blobs: string[] }>(old)) {
          known.read -= 3_700_000;
          known.blobs = [];
        }
        tree.age(links, 8000);
        tree.write(file, JSON.stringify(old));
        assert.equal(heldOf(tree.context)[0]?.held, 20, "what was known is too old");
      },
      { quotas },
    );
  });

  test("begins anew where what was known makes no sense", () => {
    inRegistryTree(
      (tree) => {
        tree.layer("team/a", "x".repeat(10));
        for (const text of ["", "{", "null"]) {
          tree.write(inControl(tree, "state/quotas.json"), text);
          assert.equal(heldOf(tree.context)[0]?.held, 10, text);
        }
        assert.ok(nodeDisk.stat(blobData(tree.layout, tree.blob("x".repeat(10)))));
      },
      { quotas },
    );
  });
});
