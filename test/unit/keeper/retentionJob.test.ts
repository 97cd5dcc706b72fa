import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  manifestFolder,
  revisionLink,
  tagIndexLink,
  tagLink,
  tagsFolder,
} from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import {
  answerRetention,
  type RetentionRun,
  reportFiles,
  runRetention,
} from "../../../components/keeper/program/retentionJob";
import type { RetentionRule } from "../../../components/keeper/program/settings";
import { readStatus } from "../../../components/keeper/program/status";
import { takeAll } from "../../../components/keeper/program/take";
import { batchesOf, giveBack, linkThing } from "../../../components/keeper/program/trash";
import { readLink } from "../../../components/keeper/program/walk";
import { lyingIn } from "../../support/keeper/lyingIn";
import { digestOf, inRegistryTree, type RegistryTree } from "../../support/registryTree";

const rule: RetentionRule = {
  repositories: ["**"],
  tags: ["*"],
  keepNewest: 1,
  deleteAfterDays: 30,
  keepTags: [],
};
const held = (repositories: string) =>
  `the brake of retention holds in ${repositories}: see \`retention\`, go on with \`retention --apply\``;

/** Pushes a tag that is so many days and a half old, and answers the digest of its manifest. */
function pushed(tree: RegistryTree, repository: string, tag: string, days: number): string {
  const { digest } = tree.image(repository, { tag, layers: [tag] });
  tree.age(tagIndexLink(tree.layout, repository, tag, digest), (days + 0.5) * 86_400);
  tree.age(tagLink(tree.layout, repository, tag), (days + 0.5) * 86_400);
  return digest;
}

/** The same of several, by tag, in this order. */
function pushAll(tree: RegistryTree, repository: string, days: { readonly [tag: string]: number }): void {
  for (const [tag, age] of Object.entries(days)) pushed(tree, repository, tag, age);
}

const tagsOf = ({ layout }: RegistryTree, repository: string) =>
  (nodeDisk.names(tagsFolder(layout, repository)) ?? []).sort();

const run = (tree: RegistryTree, retention: readonly RetentionRule[], mode: RetentionRun["mode"]) =>
  runRetention({ ...tree.context, settings: { ...tree.context.settings, retention } }, { mode });

/** The first night, which only reports, and the second. */
function twoNights(tree: RegistryTree, rules: readonly RetentionRule[]): string {
  run(tree, rules, "scheduled");
  return run(tree, rules, "scheduled").text;
}

describe("scheduled retention", () => {
  test("takes no immutable tag, nor counts it", () => {
    inRegistryTree((tree) => {
      pushAll(tree, "team/app", { v1: 400, old: 300, new: 1, newer: 0 });
      const immutableTags = [{ repositories: ["team/*"], tags: ["v*"] }];
      const ruled = {
        ...tree,
        context: { ...tree.context, settings: { ...tree.context.settings, immutableTags } },
      };
      const text = twoNights(ruled, [rule]);
      assert.deepEqual(tagsOf(tree, "team/app"), ["new", "newer", "v1"]);
      assert.match(text, /v1 .*kept: immutable/);
    });
  });

  test("only reports at first, and takes the tags the next time", () => {
    inRegistryTree((tree) => {
      pushAll(tree, "team/app", { new: 1, old: 40, newer: 2, older: 50 });
      const first = run(tree, [rule], "scheduled").text;
      assert.deepEqual(tagsOf(tree, "team/app"), ["new", "newer", "old", "older"]);
      assert.match(first, /UTC: 0 of 4 tags went into the trash; 2 tags would go by new or changed rules\./);
      assert.match(first, /only reporting this time: retention\[0\]\./);
      assert.match(
        first,
        /\n {2}WAITS +old +\d{4}-\d\d-\d\d \d\d:\d\d {2}goes: 40 days old, and deleteAfterDays is 30\n/,
      );

      const second = run(tree, [rule], "scheduled").text;
      assert.deepEqual(tagsOf(tree, "team/app"), ["new", "newer"]);
      assert.match(second, /UTC: 2 of 4 tags went into the trash\.\n\nteam\/app: 2 of 4 tags\n {10}new /);
      assert.match(second, /\n {2}GONE +older /);
      assert.deepEqual(tree.said, Array(2).fill("retention: repository 1 of 1"));
    });
  });

  test("leaves the manifests where they are, and what it takes can be had back as it was", () => {
    inRegistryTree((tree) => {
      const { layout } = tree;
      const digest = pushed(tree, "app", "old", 40);
      for (const tag of ["new", "newer"]) pushed(tree, "app", tag, 1);
      const before = readLink(nodeDisk, tagLink(layout, "app", "old"));
      twoNights(tree, [rule]);
      assert.equal(nodeDisk.read(tagLink(layout, "app", "old")), undefined);
      assert.equal(nodeDisk.read(revisionLink(layout, "app", digest)), digest);

      const [batch, ...others] = batchesOf(nodeDisk, layout);
      assert.ok(batch);
      assert.deepEqual([batch.reason, others], [{ kind: "retention", repository: "app" }, []]);
      for (const { path } of lyingIn(nodeDisk, layout, batch)) giveBack(nodeDisk, layout, batch, path);
      assert.deepEqual(readLink(nodeDisk, tagLink(layout, "app", "old")), before);
    });
  });

  test("makes no batch where nothing goes", () => {
    inRegistryTree((tree) => {
      pushed(tree, "app", "new", 1);
      twoNights(tree, [rule]);
      assert.deepEqual(batchesOf(nodeDisk, tree.layout), []);
    });
  });

  test("does not wait for a repository that a known rule is about newly", () => {
    inRegistryTree((tree) => {
      run(tree, [rule], "scheduled");
      pushAll(tree, "late", { a: 1, b: 40 });
      run(tree, [rule], "scheduled");
      assert.deepEqual(tagsOf(tree, "late"), ["a"]);
    });
  });

  const other: RetentionRule = { ...rule, tags: ["pr-*"], deleteAfterDays: 7 };
  const changes: [title: string, before: RetentionRule[], after: RetentionRule[], left: string[]][] = [
    ["knows its rules in another order", [rule, other], [other, rule], ["a", "b", "pr-2"]],
    ["only reports of a rule beside a known one", [rule], [rule, other], ["a", "b", "pr-1", "pr-2"]],
    [
      "only reports of a changed rule",
      [rule],
      [{ ...rule, deleteAfterDays: 31 }],
      ["a", "b", "old", "pr-1", "pr-2"],
    ],
    [
      "only reports after a rule is gone, which may have kept something",
      [other, rule],
      [rule],
      ["a", "b", "old", "pr-1", "pr-2"],
    ],
  ];
  for (const [title, before, after, left] of changes) {
    test(title, () => {
      inRegistryTree((tree) => {
        run(tree, before, "scheduled");
        pushAll(tree, "app", { a: 1, b: 2, "pr-2": 9, "pr-1": 10, old: 40 });
        run(tree, after, "scheduled");
        assert.deepEqual(tagsOf(tree, "app"), left);
      });
    });
  }

  for (const text of ["", "{", "null", '{"rules":5}', "[]"]) {
    test(`knows no rule where its memory says ${JSON.stringify(text)}`, () => {
      inRegistryTree((tree) => {
        pushed(tree, "app", "a", 1);
        pushed(tree, "app", "b", 40);
        run(tree, [rule], "scheduled");
        tree.write(`${tree.context.settings.controlFolder}/state/retention.json`, text);
        run(tree, [rule], "scheduled");
        assert.deepEqual(tagsOf(tree, "app"), ["a", "b"]);
        run(tree, [rule], "scheduled");
        assert.deepEqual(tagsOf(tree, "app"), ["a"]);
      });
    });
  }

  test("does nothing without rules, and forgets them", () => {
    inRegistryTree((tree) => {
      pushed(tree, "app", "a", 1);
      pushed(tree, "app", "b", 40);
      run(tree, [rule], "scheduled");
      assert.match(
        run(tree, [], "scheduled").text,
        /^\d{4}-\d\d-\d\d \d\d:\d\d UTC: 0 of 0 tags went into the trash\.\n$/,
      );
      run(tree, [rule], "scheduled");
      assert.deepEqual(tagsOf(tree, "app"), ["a", "b"]);
    });
  });
});

describe("the brake", () => {
  test("stops a run where more than half of the tags would go, and only there", () => {
    inRegistryTree((tree) => {
      for (const tag of ["a", "b", "c"]) pushed(tree, "most", tag, 40);
      pushAll(tree, "half", { a: 1, b: 40 });
      const text = twoNights(tree, [rule]);
      assert.deepEqual([tagsOf(tree, "most"), tagsOf(tree, "half")], [["a", "b", "c"], ["a"]]);
      assert.match(text, /1 of 5 tags went into the trash; the brake holds in 1 repository\./);
      assert.match(text, /`retention --apply` takes them nevertheless/);
      assert.match(text, /\n {2}HELD +b /);
      const { runs, problem } = readStatus(tree.context);
      assert.equal(problem, held("most"));
      assert.equal(runs.retention?.ok, true);
    });
  });

  test("is let go by apply alone, and the problem with it", () => {
    inRegistryTree((tree) => {
      for (const tag of ["a", "b", "c"]) pushed(tree, "most", tag, 40);
      twoNights(tree, [rule]);
      run(tree, [rule], "scheduled");
      assert.equal(tagsOf(tree, "most").length, 3);
      run(tree, [rule], "report");
      assert.equal(readStatus(tree.context).problem, held("most"));
      run(tree, [rule], "apply");
      assert.equal(tagsOf(tree, "most").length, 1);
      assert.equal(readStatus(tree.context).problem, undefined);
    });
  });

  test("names three of many repositories", () => {
    inRegistryTree((tree) => {
      for (const name of ["a", "b", "c", "d", "e"]) {
        for (const tag of ["1", "2", "3"]) pushed(tree, name, tag, 40);
      }
      twoNights(tree, [rule]);
      assert.equal(readStatus(tree.context).problem, held("a, b, c and 2 more"));
    });
  });

  test("counts no signatures", () => {
    inRegistryTree((tree) => {
      const digests = ["a", "b", "c"].map((tag) => pushed(tree, "app", tag, 40));
      for (const digest of digests) pushed(tree, "app", `${digest.replace(":", "-")}.sig`, 1);
      twoNights(tree, [rule]);
      assert.equal(tagsOf(tree, "app").length, 6);
    });
  });
});

describe("a request for retention", () => {
  const rules = [rule];

  test("tells what the next night would do, and changes nothing", () => {
    inRegistryTree(
      (tree) => {
        pushAll(tree, "app", { a: 1, b: 40, c: 2 });
        const ask = (...flags: string[]) => answerRetention(tree.context, { user: "alice", flags }).text;
        assert.match(ask(), /\n {2}WAITS +b /);
        assert.deepEqual(readStatus(tree.context).runs, {});
        run(tree, rules, "scheduled");
        const report = nodeDisk.read(reportFiles(tree.context).text);
        assert.match(ask("json"), /0 of 3 tags went into the trash; 1 tag would go\.[\s\S]*\n {2}GOES +b /);
        assert.equal(nodeDisk.read(reportFiles(tree.context).text), report);
        assert.deepEqual(tagsOf(tree, "app"), ["a", "b", "c"]);
        assert.deepEqual(batchesOf(nodeDisk, tree.layout), []);
      },
      { retention: rules },
    );
  });

  test("with apply takes at once what goes, in the name of who asked, and makes the rules known", () => {
    inRegistryTree(
      (tree) => {
        pushAll(tree, "app", { a: 40, b: 41, c: 42 });
        const { text } = answerRetention(tree.context, { user: "alice", flags: ["apply"] });
        assert.match(text, /2 of 3 tags went into the trash\./);
        assert.deepEqual(tagsOf(tree, "app"), ["a"]);
        const [batch] = batchesOf(nodeDisk, tree.layout);
        assert.deepEqual(batch?.reason, { kind: "retention", user: "alice", repository: "app" });
        pushAll(tree, "other", { x: 1, y: 40 });
        run(tree, rules, "scheduled");
        assert.deepEqual(tagsOf(tree, "other"), ["x"]);
      },
      { retention: rules },
    );
  });

  test("answers the same for a program, which is also in the state", () => {
    inRegistryTree((tree) => {
      const digest = pushed(tree, "app", "a", 1);
      const { json, text } = run(tree, rules, "apply");
      assert.deepEqual(JSON.parse(nodeDisk.read(reportFiles(tree.context).json) ?? ""), json);
      assert.equal(nodeDisk.read(reportFiles(tree.context).text), text);
      const { time, repositories, ...rest } = JSON.parse(JSON.stringify(json));
      assert.deepEqual(rest, { summary: "0 of 1 tag went into the trash", newRules: [] });
      assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
      const [{ tags, ...repository }] = repositories;
      assert.deepEqual(repository, { repository: "app" });
      const [{ pushed: at, ...tag }] = tags;
      assert.deepEqual(tag, { tag: "a", digest, outcome: "kept", why: "kept: the newest" });
      assert.ok(Math.abs(Date.parse(at) + 1.5 * 86_400_000 - Date.now()) < 60_000);
    });
  });
});

describe("what retention cannot judge", () => {
  test("is a repository with an empty link: it is left alone, the others are not, and the status says so", () => {
    inRegistryTree((tree) => {
      for (const name of ["bad", "good"]) {
        for (const [tag, days] of [
          ["a", 1],
          ["b", 40],
        ] as const)
          pushed(tree, name, tag, days);
      }
      const broken = tagLink(tree.layout, "bad", "a");
      tree.write(broken, "");
      const text = twoNights(tree, [rule]);
      assert.deepEqual([tagsOf(tree, "bad"), tagsOf(tree, "good")], [["a", "b"], ["a"]]);
      assert.match(text, /1 repository could not be read/);
      assert.ok(text.includes(`\nbad: left alone, ${broken} has no digest in it\n`), text);
      const { runs, problem } = readStatus(tree.context);
      assert.equal(problem, "retention cannot read bad: see `verify`");
      assert.equal(runs.retention?.ok, false);
    });
  });

  test("is a disk that fails: the run ends with its message, also in the status", () => {
    inRegistryTree((tree) => {
      pushed(tree, "app", "a", 1);
      const disk = {
        ...nodeDisk,
        names(folder: string): string[] | undefined {
          if (folder.endsWith("_manifests/tags")) throw new Error("EIO: i/o error");
          return nodeDisk.names(folder);
        },
      };
      const context = { ...tree.context, disk, settings: { ...tree.context.settings, retention: [rule] } };
      assert.throws(() => runRetention(context, { mode: "scheduled" }), /EIO/);
      const { runs, problem } = readStatus(tree.context);
      assert.deepEqual([runs.retention?.ok, problem], [false, "retention stopped: EIO: i/o error"]);
    });
  });
});

describe("a signature", () => {
  const settings = [{ ...rule, keepNewest: 0, deleteAfterDays: 10 }];
  const signs = (digest: string) => `${digest.replace(":", "-")}.sig`;

  test("stays as long as its subject, with or without a tag, also while that is in the trash", () => {
    inRegistryTree((tree) => {
      const { layout } = tree;
      const digest = pushed(tree, "app", "v1", 40);
      pushed(tree, "app", signs(digest), 40);
      run(tree, settings, "apply");
      assert.deepEqual(tagsOf(tree, "app"), [signs(digest)]);
      const revision = readLink(nodeDisk, revisionLink(layout, "app", digest));
      assert.ok(revision);
      takeAll(nodeDisk, layout, { kind: "collection" }, [linkThing(revision)]);
      run(tree, settings, "apply");
      assert.deepEqual(tagsOf(tree, "app"), [signs(digest)]);
    });
  });

  test("of what a tag once pointed to stays, and one of nothing known is a tag like others", () => {
    inRegistryTree((tree) => {
      const { digest } = tree.image("app", { tag: "main", layers: ["first"] });
      tree.image("app", { tag: "main", layers: ["second"] });
      nodeDisk.removeFile(revisionLink(tree.layout, "app", digest));
      nodeDisk.removeFolder(manifestFolder(tree.layout, "app", digest));
      const stranger = signs(digestOf("of another repository"));
      for (const tag of [signs(digest), stranger]) pushed(tree, "app", tag, 40);
      run(tree, settings, "apply");
      assert.deepEqual(tagsOf(tree, "app"), ["main", signs(digest)]);
    });
  });
});
