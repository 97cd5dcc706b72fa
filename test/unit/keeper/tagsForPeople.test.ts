import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf, tagLink } from "../../../components/keeper/program/layout";
import { askKeeper } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const rule = { repositories: ["n"], tags: ["**"], keepNewest: 1, deleteAfterDays: 30, keepTags: [] };

/** What `tags` answers a program of one repository. */
function told(tree: RegistryTree, repository: string) {
  const { json } = askKeeper(tree, "tags", repository, "json");
  const { tags, deleted }: { tags: Told[]; deleted: unknown } = JSON.parse(JSON.stringify(json));
  return { tags, deleted };
}

interface Told {
  readonly tag: string;
  readonly retention: { readonly outcome: string; readonly why: string } | null;
}

test("tags say what the next retention would do with each, as retention itself says it", () => {
  const settings = { retention: [rule] };
  inRegistryTree((tree) => {
    for (const tag of ["old", "older", "new", "newer"]) tree.image("n", { tag, layers: [tag] });
    tree.age(tagLink(tree.layout, "n", "old"), 40 * 86_400);
    const { tags } = told(tree, "n");
    const outcomes = Object.fromEntries(tags.map(({ tag, retention }) => [tag, retention?.outcome]));
    assert.deepEqual(outcomes, { old: "waits", older: "kept", new: "kept", newer: "kept" });
    const { json } = askKeeper(tree, "retention", "", "json");
    const { repositories }: { repositories: { tags: { tag: string; why: string }[] }[] } = JSON.parse(
      JSON.stringify(json),
    );
    const whyOf = (all: readonly { tag: string; why?: string }[]) =>
      Object.fromEntries(all.map(({ tag, why }) => [tag, why]));
    assert.deepEqual(
      whyOf(tags.map(({ tag, retention }) => ({ tag, why: retention?.why }))),
      whyOf(repositories[0]?.tags ?? []),
    );
  }, settings);
});

test("tags that no rule is about are told without a word of retention", () => {
  inRegistryTree(
    (tree) => {
      tree.image("other", { tag: "v1" });
      assert.deepEqual(told(tree, "other").tags[0]?.retention, null);
    },
    { retention: [rule] },
  );
});

test("tags that are gone are told beside them, until when they come back, and no more once they are back", () => {
  inRegistryTree((tree) => {
    for (const tag of ["a", "b", "c"]) tree.image("n", { tag });
    tree.image("m", { tag: "of-another" });
    for (const reference of ["n:b", "n:a"]) askKeeper(tree, "delete", reference);
    const { tags, deleted } = told(tree, "n");
    assert.deepEqual(
      tags.map(({ tag }) => tag),
      ["c"],
    );
    const [first, second, ...others] = Object.values(Object(deleted));
    assert.deepEqual([Object(first).tag, Object(second).tag, others], ["a", "b", []]);
    const days = (Date.parse(Object(first).until) - Date.now()) / 86_400_000;
    assert.ok(Math.abs(days - tree.context.settings.undoSeconds / 86_400) < 0.01, `${days}`);
    askKeeper(tree, "restore", "n:a");
    assert.deepEqual(
      Object.values(Object(told(tree, "n").deleted)).map((gone) => Object(gone).tag),
      ["b"],
    );
    assert.deepEqual(told(tree, "m").deleted, []);
  });
});

test("a trash that cannot be read hides no tag that is there", () => {
  inRegistryTree((tree) => {
    for (const tag of ["a", "b"]) tree.image("n", { tag });
    askKeeper(tree, "delete", "n:b");
    const { trash } = layoutOf(tree.context.settings.dataFolder);
    const [batch] = (tree.context.disk.names(trash) ?? []).filter((name) => /^\d{8}T/.test(name));
    tree.write(`${trash}/${batch}/why.json`, "not JSON");
    const { tags, deleted } = told(tree, "n");
    assert.deepEqual([tags.map(({ tag }) => tag), deleted], [["a"], []]);
  });
});
