import assert from "node:assert/strict";
import { test } from "node:test";
import { contentHash } from "../../../components/base/contentHash";
import { encoded, type Files } from "../../../components/docker/uploads";

test("a hash is sixteen hexadecimal digits, good for a folder's name", () => {
  assert.match(contentHash({ a: encoded("1") }), /^[0-9a-f]{16}$/);
});

test("the same files have the same hash, in any order", () => {
  assert.equal(contentHash({ a: "1", b: "2" }), contentHash({ b: "2", a: "1" }));
});

test("a changed content, name or number of files changes the hash", () => {
  const different: Files[] = [{ a: "1" }, { a: "2" }, { b: "1" }, { a: "1", b: "" }, {}, { "a,1": "" }];
  const hashes = different.map(contentHash);
  assert.equal(new Set(hashes).size, hashes.length);
});

test("text is stored as its bytes in UTF-8", () => {
  assert.equal(Buffer.from(encoded("grüß\n"), "base64").toString("utf8"), "grüß\n");
});
