import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Refusal } from "../../../components/keeper/program/job";
import { checkedRequest, requester, verbs } from "../../../components/keeper/program/request";
import { repositories, tags } from "../../support/oddNames";
import { randomOf } from "../../support/walk/random";

const digest = `sha256:${"a".repeat(64)}`;
const good = { verb: "show", user: "alice", repository: "team/app", tag: "v1", flags: ["json"] };

function refusal(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    const request = checkedRequest(text);
    assert.fail(`taken: ${JSON.stringify(request)}`);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.match(error.message, /^[^\n\p{Cc}]{10,400}$/u, "one line for a person");
    return error.message;
  }
}

describe("a request for the keeper", () => {
  test("is taken at its word when all of it has the right form", () => {
    assert.deepEqual(checkedRequest(JSON.stringify(good)), {
      ...good,
      digest: undefined,
      by: undefined,
      since: undefined,
    });
    assert.deepEqual(checkedRequest('{"verb":"list","user":"bob@example.com"}'), {
      verb: "list",
      user: "bob@example.com",
      repository: undefined,
      tag: undefined,
      digest: undefined,
      by: undefined,
      since: undefined,
      flags: [],
    });
    const asked = { verb: "audit", user: "alice", by: "bob", since: "2027-01-31", flags: ["refused"] };
    assert.deepEqual(checkedRequest(JSON.stringify(asked)), {
      ...asked,
      repository: undefined,
      tag: undefined,
      digest: undefined,
    });
  });

  test("may name whatever a registry may hold", () => {
    for (const repository of repositories) {
      for (const tag of [...tags, "__proto__", "constructor"]) {
        const request = checkedRequest(JSON.stringify({ ...good, repository, tag }));
        assert.deepEqual([request.repository, request.tag], [repository, tag]);
      }
    }
    assert.equal(checkedRequest(JSON.stringify({ ...good, tag: undefined, digest })).digest, digest);
  });

  test("is refused for a name that leads elsewhere", () => {
    for (const repository of [
      "..",
      "../x",
      "a/../b",
      "/etc",
      "a//b",
      "a/",
      "",
      "a/_layers",
      "_manifests",
      "A",
      "a b",
      "a\u0000",
      "a\n",
      ".trash",
      "a/.",
      "a%2fb",
      "a\\b",
      "é",
      `${"a".repeat(255)}b`,
    ]) {
      assert.match(refusal({ ...good, repository }), /repository/);
    }
    for (const tag of ["..", ".", "-x", "a/b", "a".repeat(129), "", "v1\n", "v 1"]) {
      assert.match(refusal({ ...good, tag }), /is not a tag$/);
    }
    for (const digest of [
      "sha256:",
      `sha256:${"A".repeat(64)}`,
      `md5:${"a".repeat(32)}`,
      `sha256:../${"a".repeat(61)}`,
    ]) {
      assert.match(refusal({ ...good, tag: undefined, digest }), /is not a digest$/);
    }
  });

  test("is refused for a key, a verb or a flag that means nothing", () => {
    assert.equal(refusal({ ...good, path: "x" }), 'the request has "path", which means nothing here');
    assert.match(
      refusal('{"verb":"list","user":"a","__proto__":{"x":1}}'),
      /has "__proto__", which means nothing/,
    );
    assert.match(
      refusal({ ...good, verb: "toString" }),
      /^"toString" is nothing that the keeper does; write one of list, /,
    );
    assert.equal(refusal({ ...good, flags: ["apply"] }), 'show knows no flag "apply"; there is "json"');
    assert.match(refusal({ ...good, flags: ["json", "json"] }), /twice/);
    assert.match(refusal({ ...good, flags: "json" }), /not a list/);
    assert.match(refusal({ ...good, user: "../root" }), /is not a user$/);
    assert.match(refusal({ ...good, user: undefined }), /"user" is missing/);
    assert.equal(refusal({ ...good, by: "bob" }), 'show knows neither "by" nor "since"');
    assert.match(refusal({ verb: "audit", user: "a", since: "yesterday" }), /is not a since$/);
    assert.match(refusal({ verb: "audit", user: "a", by: "../b" }), /is not a by$/);
  });

  test("names what its verb is about, no more and no less", () => {
    const sentences = {
      list: [{ repository: "a" }, "list is about no single repository"],
      tags: [{}, "tags needs a repository"],
      show: [{ repository: "a" }, "show needs either a tag or a digest"],
      delete: [{ repository: "a", tag: "v1", digest }, "delete needs either a tag or a digest"],
      restore: [{ tag: "v1" }, "restore needs a repository"],
      retention: [{ digest }, "retention is about no single tag or digest"],
      collect: [{ repository: "a" }, "collect is about no single repository"],
      report: [{ tag: "v1" }, "report is about no single tag or digest"],
      verify: [{ repository: "a", tag: "v1" }, "verify is about no single tag or digest"],
      audit: [{ digest }, "audit is about no single tag or digest"],
      backup: [{ repository: "a" }, "backup is about no single repository"],
      repair: [{ digest }, "repair is about no single tag or digest"],
    } as const;
    assert.deepEqual(Object.keys(sentences), Object.keys(verbs));
    for (const [verb, [names, sentence]] of Object.entries(sentences)) {
      assert.equal(refusal({ verb, user: "alice", ...names }), sentence);
    }
  });

  test("is refused with a sentence, and nothing else happens, for hundreds of generated bad ones", () => {
    let taken = 0;
    for (let seed = 0; seed < 800; seed++) {
      const text = badText(seed);
      try {
        const request = checkedRequest(text);
        // A change may leave it as good as it was; then nothing of it may lead elsewhere.
        taken++;
        assert.doesNotMatch(
          `${request.repository}/${request.tag}/${request.digest}`,
          /\.\.\/|\/\/|\0|\/\.|\/_/,
        );
      } catch (error) {
        assert.ok(error instanceof Refusal, `${text}: ${error}`);
        assert.match(error.message, /^[^\n\p{Cc}]{10,400}$/u);
      }
    }
    assert.ok(taken < 100, `${taken} of 800 were taken`);
  });

  test("tells who asked even where the rest makes no sense", () => {
    assert.equal(requester('{"user":"alice","verb":5,"x":[]}'), "alice");
    for (const text of ["", "[]", "null", '{"user":"../x"}', '{"user":5}', '{"verb":"list"}']) {
      assert.equal(requester(text), undefined);
    }
  });
});

/** A good request with one thing wrong in it. */
function badText(seed: number): string {
  const random = randomOf("bad request", seed);
  const odd: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    "",
    " ",
    "..",
    "../../x",
    "a/../../b",
    "\u0000",
    "a\nb",
    "\ud800",
    "__proto__",
    [],
    {},
    [[]],
    ["json", "json"],
    ["--json"],
    [null],
    { toString: 1 },
    "a".repeat(300),
    "sha256:",
    `sha512:${"a".repeat(64)}`,
    "🐳",
  ];
  const key = random.pick([...Object.keys(good), "digest", "__proto__", "Verb", "extra", ""]);
  const changed = JSON.stringify(Object.fromEntries([...Object.entries(good), [key, random.pick(odd)]]));
  const at = random.below(changed.length);
  return random.pick([
    changed,
    changed,
    changed.slice(0, at),
    `${changed.slice(0, at)}${random.pick(["\u0000", "}", '"', ",", "\\", "[", "é"])}${changed.slice(at)}`,
    `[${changed}]`,
    `${changed}${changed}`,
    "[".repeat(1 + random.below(4000)),
    '{"a":'.repeat(1 + random.below(600)),
  ]);
}
