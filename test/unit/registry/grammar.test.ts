import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as grammar from "../../../components/registry/grammar";

const { inQuery, queryKeys, ...plain } = grammar;
const sources = Object.entries({ ...plain, ...inQuery });

const isWhole = (source: string, text: string) => new RegExp(`^(?:${source})$`).test(text);
const hex = "0123456789abcdef";

function assertGrammar(source: string, good: readonly string[], bad: readonly string[]): void {
  for (const text of good) assert.ok(isWhole(source, text), `${text} is one`);
  for (const text of bad) assert.ok(!isWhole(source, text), `${text} is none`);
}

describe("the grammar of the API", () => {
  test("is text that JavaScript, PCRE, nginx and ModSecurity read alike", () => {
    assert.ok(sources.length > 10);
    for (const [name, source] of sources) {
      assert.doesNotMatch(source, /[\\"'$\s#;]|\(\?[^:]/, name);
      assert.doesNotThrow(() => new RegExp(source), name);
    }
    for (const key of queryKeys) assert.match(key, /^[A-Za-z_]+$/);
  });

  test("has names of repositories with single dots, one or two underscores, and hyphens", () => {
    assertGrammar(
      grammar.repositoryName,
      ["a", "team/app", "a.b_c__d-e--f/g/1"],
      ["", "/", "a/", "/a", "a//b", "A", "a..b", "a___b", "-a", "a-", "a._b", "a b", "a:1"],
    );
    assertGrammar(grammar.pathComponent, ["app", "a--b"], ["team/app", "App"]);
  });

  test("has tags of at most 128 characters that begin with a letter, a digit or an underscore", () => {
    assertGrammar(
      grammar.tag,
      ["1", "_x", "V1.0-rc.1", "a".repeat(128)],
      ["", ".a", "-a", "a:b", "a/b", "a+b", "a".repeat(129)],
    );
  });

  test("has digests of two algorithms for references, and of any for requests", () => {
    assertGrammar(
      grammar.sha256Digest,
      [`sha256:${hex.repeat(4)}`],
      [`sha256:${hex.repeat(4).toUpperCase()}`, `sha256:${hex}`, `sha512:${hex.repeat(4)}`, hex.repeat(4)],
    );
    assertGrammar(grammar.sha512Digest, [`sha512:${hex.repeat(8)}`], [`sha512:${hex.repeat(4)}`]);
    assertGrammar(grammar.anyDigest, [`sha256:${hex.repeat(4)}`, "tarsum.v1+sha256:AB"], ["sha256:", "x:g"]);
  });

  test("has ids of uploads as the registry makes them, and as its routes take them", () => {
    const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    assertGrammar(grammar.uploadId, [id], ["", "short", `${id}/x`, id.toUpperCase()]);
    assertGrammar(grammar.anyUploadId, [id, "", "A._=-"], ["a/b", "a%b"]);
  });

  test("has arguments of queries with their punctuation plain or encoded", () => {
    const digest = `sha256:${hex.repeat(4)}`;
    assertGrammar(
      inQuery.digest,
      [digest, encodeURIComponent(digest), digest.replace(":", "%3a")],
      [`sha256%3B${hex.repeat(4)}`, "sha256:abc", `${digest}&x`],
    );
    assertGrammar(
      inQuery.repositoryName,
      ["team/app", "team%2Fapp", "team%2fapp"],
      ["", "Team", "a%2e", "a'b"],
    );
    assertGrammar(inQuery.uploadState, ["aB-_09==", "aB-_09%3D%3d"], ["", "%27", "a+b"]);
    assertGrammar(inQuery.upstreamHost, ["docker.io", "a:5000", "a%3A5000"], ["", "a/b", "a%2F"]);
  });
});
