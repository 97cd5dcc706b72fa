import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import ts from "typescript";
import { largest, smallest } from "../../../components/keeper/program/extremes";
import { clearUp } from "../../../components/keeper/program/finish";
import { layoutOf } from "../../../components/keeper/program/layout";
import { reportText } from "../../../components/keeper/program/retentionReport";
import { stateFile } from "../../../components/keeper/program/stateFile";
import { endsOfPushes } from "../../../components/keeper/program/underWay";
import { memoryRegistry } from "../../support/keeper/memoryRegistry";
import { image } from "../../support/keeper/modelImages";

const many = Array.from({ length: 200_000 }, (_, index) => index + 1);

describe("of 200,000", () => {
  test("numbers the largest and the smallest are found, and of none none", () => {
    assert.equal(largest(many), 200_000);
    assert.equal(smallest(many), 1);
    assert.equal(largest([]), -Infinity);
    assert.equal(smallest([]), Infinity);
  });

  test("things that wait for their grace the first is told", () => {
    const { context } = memoryRegistry();
    const since = Date.UTC(2026, 0, 1);
    const candidates = many.map((number) => [
      `blob ${number}`,
      { since: since + number, inode: 1, modified: 0 },
    ]);
    context.disk.write(stateFile(context, "candidates.json"), JSON.stringify(Object.fromEntries(candidates)));
    const run = {
      done: 5,
      started: since,
      recorded: [],
      links: [],
      blobs: [],
      unneeded: { links: 0, blobs: many.length, bytes: 0 },
      taken: { links: 0, blobs: 0, bytes: 0 },
      givenBack: [],
      repositories: 1,
    };
    const { text } = clearUp(context, run, undefined, 0);
    assert.match(text, /^200,000 blobs .* the first may go with a collection after 2026-01-02T00:00Z$/m);
  });

  test("tags each is in the report of retention", () => {
    const pushed = "2026-01-01T00:00:00.000Z";
    const tags = many.map((number) => {
      return {
        tag: `${number}`,
        digest: image.digest,
        pushed,
        outcome: "kept" as const,
        why: "kept: newest",
      };
    });
    const text = reportText({
      time: pushed,
      summary: "all well",
      newRules: [],
      repositories: [{ repository: "n", tags }],
    });
    assert.match(text, /^ {10}200000 {2}2026-01-01/m);
    assert.match(text, /^ {10}1 {7}2026-01-01/m);
  });

  test("tags of a manifest the last ends its push", () => {
    const { context } = memoryRegistry();
    const layout = layoutOf(context.settings.dataFolder);
    const tags = many.map((modified) => {
      const stat = { inode: 1, modified, size: 1, isFolder: false, device: 1 };
      return { name: `${modified}`, link: { path: `${modified}`, digest: image.digest, stat } };
    });
    const relations = { manifests: new Map(), indexes: new Map(), referrers: new Map(), unreadable: [] };
    const ends = endsOfPushes(context, layout, "n", [image.digest], { tags, relations });
    assert.deepEqual([...ends], [[image.digest, 200_000]]);
  });
});

test("no call is given a list as its arguments, as a long one is too long for a call", () => {
  const folder = resolve(__dirname, "../../../components/keeper/program");
  const calls = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    return callsWithLists(source, source).map((call) => `${file}: ${call}`);
  });
  assert.deepEqual(calls, []);
});

function callsWithLists(source: ts.SourceFile, node: ts.Node): string[] {
  const isOne = ts.isCallExpression(node) && node.arguments.some(ts.isSpreadElement);
  const found = isOne ? [node.getText(source)] : [];
  ts.forEachChild(node, (child) => {
    for (const call of callsWithLists(source, child)) found.push(call);
  });
  return found;
}
