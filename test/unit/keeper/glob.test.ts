import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anyGlob, covers, glob } from "../../../components/keeper/program/glob";
import { allTexts } from "../../support/allTexts";
import { randomOf } from "../../support/walk/random";

/** The same in another way: a pattern begins with a run that stands for nothing, or for one character more. */
function means(pattern: string, text: string): boolean {
  const run = /^\*+/.exec(pattern)?.[0] ?? "";
  const rest = pattern.slice(run.length);
  if (run !== "") {
    const goesOn = text !== "" && (run.length > 1 || !text.startsWith("/"));
    return means(rest, text) || (goesOn && means(pattern, text.slice(1)));
  }
  if (pattern === "" || text === "") return pattern === text;
  return pattern.charAt(0) === text.charAt(0) && means(pattern.slice(1), text.slice(1));
}

describe("a pattern", () => {
  const cases: [pattern: string, means: string[], not: string[]][] = [
    ["app", ["app"], ["", "ap", "apps", "team/app", "App"]],
    ["*", ["", "app", "a.b-c_d"], ["team/app"]],
    ["**", ["", "app", "team/app", "a/b/c"], []],
    ["team/*", ["team/app", "team/"], ["team", "team/a/b", "other/app"]],
    ["team/**", ["team/app", "team/a/b"], ["team", "teams/app"]],
    ["**/app", ["team/app", "a/b/app"], ["app", "team/app2"]],
    ["*/app-*", ["team/app-1"], ["app-1", "a/b/app-1"]],
    ["v*.*.*", ["v1.2.3", "v1.2.3.4"], ["v1.2", "1.2.3", "xv1.2.3"]],
    ["***", ["a/b"], []],
    ["a.c", ["a.c"], ["abc"]],
    ["[ab]+(c|d)?", ["[ab]+(c|d)?"], ["a", "bc"]],
  ];
  for (const [pattern, those, not] of cases) {
    test(`${pattern} means ${those.join(" ")}, and not ${not.join(" ")}`, () => {
      for (const text of those) assert.ok(glob(pattern)(text), text);
      for (const text of not) assert.ok(!glob(pattern)(text), text);
    });
  }

  test("means what an independent reading of it does, for all short patterns and texts", () => {
    const all = allTexts("ab/", 4);
    for (const pattern of allTexts("a/*", 4)) {
      const match = glob(pattern);
      for (const text of all) assert.equal(match(text), means(pattern, text), `${pattern} ${text}`);
    }
  });

  test("of any form needs no longer than its length times that of the text", () => {
    const hostile = [
      `${"a*".repeat(60)}b`,
      `${"**".repeat(60)}b`,
      `${"*a**".repeat(60)}b`,
      `${"*/".repeat(120)}b`,
    ];
    const matches = hostile.map(glob);
    const began = performance.now();
    for (const text of ["a".repeat(250), "a/".repeat(125)]) {
      for (const match of matches) assert.equal(match(text), false);
    }
    assert.ok(performance.now() - began < 5000);
  });

  test("of an empty list is there for nothing", () => {
    assert.ok(!anyGlob([])(""));
    assert.ok(anyGlob(["a", "b*"])("bc"));
  });
});

describe("patterns cover another", () => {
  const yes: [string[], string][] = [
    [["*"], "v*"],
    [["v*"], "v1.*"],
    [["**"], "team/**"],
    [["team/**"], "team/*/app"],
    [["*", "*/**"], "**"],
    [["latest"], "latest"],
  ];
  const no: [string[], string][] = [
    [[], "latest"],
    [["v*"], "*"],
    [["*"], "**"],
    [["a*", "b*"], "*"],
    [["team/*"], "team/**"],
    [["*/**"], "**"],
    [["v1.*"], "v*"],
  ];
  test("whose every text they mean, and no other", () => {
    for (const [patterns, other] of yes) assert.ok(covers(patterns, other), `${patterns} ${other}`);
    for (const [patterns, other] of no) assert.ok(!covers(patterns, other), `${patterns} ${other}`);
  });

  test("only if no text of it escapes them", () => {
    const random = randomOf("covers");
    const patterns = allTexts("a*", 4).filter((pattern) => pattern !== "");
    const samples = allTexts("ab", 5);
    for (let run = 0; run < 3000; run++) {
      const [one, two, other] = [random.pick(patterns), random.pick(patterns), random.pick(patterns)];
      if (!covers([one, two], other)) continue;
      for (const text of samples.filter(glob(other)))
        assert.ok(anyGlob([one, two])(text), `${one} ${two} ${other}`);
    }
  });
});
