import assert from "node:assert/strict";
import { test } from "node:test";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import { askKeeper } from "../../support/askKeeper";
import { type Described, inRegistryTree, type RegistryTree } from "../../support/registryTree";

/** More than functions that call themselves get through, each within the next. */
const depth = 4000;

function nest(tree: RegistryTree, repository: string): Described {
  let inner = tree.image(repository, { layers: ["innermost"] });
  for (let level = 1; level < depth; level++) inner = tree.index(repository, [inner]);
  tree.tag(repository, "v1", inner.digest);
  return inner;
}

test("indexes within each other, however many, stop neither a collection nor an answer, and keep what is innermost", () => {
  inRegistryTree((tree) => {
    nest(tree, "n");
    for (const step of [mark, takeLinks, lookOnce, takeBlobs, lookOnce]) step(tree.context);
    assert.match(finish(tree.context).text, /^took 0 blobs/);
    assert.match(askKeeper(tree, "verify").text, /^whole: 1 tag in 1 repository/m);
    assert.match(askKeeper(tree, "tags", "n").text, /v1/);
    assert.match(askKeeper(tree, "list").text, /^n /m);
    assert.match(askKeeper(tree, "report").text, /^n /m);
  });
});
