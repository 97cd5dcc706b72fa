import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestChecks } from "../../components/render/requestChecks";

interface NginxMap {
  readonly source: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/** The maps of the rendered text by their variable. Regular expressions are PCRE and JavaScript alike. */
const maps = new Map(
  [...requestChecks.matchAll(/^ {2}map (\S+) (\S+) \{\n([\s\S]*?)\n {2}\}/gm)].map(
    ([, source = "", variable = "", body = ""]): [string, NginxMap] => [
      variable,
      {
        source,
        entries: [...body.matchAll(/^ {4}(?:"(.*?)"|(\S+)) (?:"(.*)"|(\S+));$/gm)].map(
          ([, quoted, bare, quotedValue, bareValue]) => [
            quoted ?? bare ?? "",
            quotedValue ?? bareValue ?? "",
          ],
        ),
      },
    ],
  ),
);

/** What nginx makes of a value: an exact key, else the first expression that matches, else the default. */
function mapped(variable: string, value: string): string {
  const { entries } = maps.get(variable) ?? { entries: [] };
  const exact = entries.find(([key]) => key === value && key !== "default");
  if (exact) return exact[1];
  for (const [key, result] of entries.filter(([pattern]) => pattern.startsWith("~"))) {
    const match = new RegExp(key.slice(1)).exec(value);
    if (match) return result.replace(/\$(\w+)/g, (_, name) => match.groups?.[name] ?? "");
  }
  return entries.find(([key]) => key === "default")?.[1] ?? "";
}

/** Whether a request with this target, as the client wrote it, is refused. */
function isRefused(target: string): boolean {
  const query = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  return mapped("$refused", mapped("$path_refused", target) + mapped("$query_refused", query)) === "1";
}

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const encoded = digest.replace(":", "%3A");

describe("a request is passed on", () => {
  const good = [
    "/",
    "/v2",
    "/v2/",
    "/v2/_catalog",
    "/v2/_catalog?n=100",
    "/v2/_catalog?n=100&last=team/app",
    "/v2/_catalog?last=team%2Fapp&n=100",
    "/v2/app/manifests/latest",
    "/v2/team/sub/a-b_c.d__e/manifests/v1.0_rc-1",
    `/v2/team/app/manifests/${digest}`,
    `/v2/team/app/blobs/${digest}`,
    `/v2/team/app/blobs/${digest}?ns=docker.io`,
    "/v2/team/app/manifests/latest?ns=registry.example.com:5000",
    "/v2/team/app/tags/list?n=",
    "/v2/team/app/blobs/uploads/",
    `/v2/team/app/blobs/uploads/?mount=${digest}&from=team/base`,
    `/v2/team/app/blobs/uploads/?from=team%2Fbase&mount=${encoded}`,
    `/v2/team/app/blobs/uploads/?digest=${encoded}`,
    "/v2/team/app/blobs/uploads/8e4f9e9c-27d0-4fb2-9d0b-6a5d0a8ef1f7?_state=Zm9v-YmFy_w==",
    `/v2/team/app/blobs/uploads/8e4f9e9c?_state=Zm9v%3D%3D&digest=${encoded}`,
    `/v2/team/app/referrers/${digest}?artifactType=application%2Fvnd.example%2Bjson`,
    "/v2/team/.hidden/...",
    "/other/path",
  ];
  for (const target of good) {
    test(target, () => assert.equal(isRefused(target), false));
  }
});

describe("a request is refused", () => {
  const bad = [
    "",
    "//",
    "//v2/",
    "/v2//",
    "/v2//app/manifests/latest",
    "/v2/../v2/_catalog",
    "/v2/app/..",
    "/v2/app/../",
    "/v2/app/..?n=1",
    "/v2/./app/tags/list",
    "/v2/app/.",
    "/%762/_catalog",
    "/v2/%2e%2e/_catalog",
    "/v2/team%2Fapp/tags/list",
    `/v2/team/app/blobs/${encoded}`,
    "/v2/app;x/tags/list",
    "/v2/app\\tags",
    "/v2/app tags",
    "/v2/app/tags/list#x",
    "/v2/ä/tags/list",
    "http://registry.example.com/v2/",
    "v2/",
    "*",
    "/v2/_catalog?x=1",
    "/v2/_catalog?n",
    "/v2/_catalog?N=1",
    "/v2/_catalog?=1",
    "/v2/_catalog?n=1&",
    "/v2/_catalog?&n=1",
    "/v2/_catalog?n=1&&last=a",
    "/v2/_catalog?n=1;last=a",
    "/v2/_catalog?n=1&n=2",
    "/v2/_catalog?n=1&last=a&n=2",
    "/v2/_catalog?last=a&n=1&n=1",
    "/v2/_catalog?%6e=1",
    "/v2/_catalog?n=%",
    "/v2/_catalog?n=%4",
    "/v2/_catalog?n=%zz",
    "/v2/_catalog?n=a b",
    "/v2/_catalog?n=1?last=2",
    "/v2/_catalog?n=1#last",
    `/v2/a/blobs/uploads/?mount=${digest}&fr%6fm=other/repo`,
    `/v2/a/blobs/uploads/?mount=${digest}&from=a&from=other/repo`,
    `/v2/a/blobs/uploads/?mount=${digest}&from=a&mount=${digest}`,
    `/v2/a/blobs/uploads/?from[]=a`,
  ];
  for (const target of bad) {
    test(JSON.stringify(target), () => assert.equal(isRefused(target), true));
  }

  test("without long thought, whatever it holds", () => {
    const keys = Array.from({ length: 1100 }, (_, index) => `a${index}=`).join("&");
    for (const query of [keys, "n=1&".repeat(2000), "=".repeat(8000), `n=${"a".repeat(7900)}!`]) {
      const start = performance.now();
      assert.equal(isRefused(`/v2/_catalog?${query}`), true);
      assert.equal(isRefused(`${"/a".repeat(4000)}!`), true);
      assert.ok(performance.now() - start < 200);
    }
  });
});

describe("the start of an upload", () => {
  test("passes on a digest and a repository, plain or encoded", () => {
    assert.equal(mapped("$mount_argument", digest), `mount=${digest}`);
    assert.equal(mapped("$mount_argument", encoded), `mount=${encoded}`);
    assert.equal(mapped("$from_argument", "team/base"), "&from=team/base");
    assert.equal(mapped("$from_argument", "team%2Fbase"), "&from=team%2Fbase");
    assert.equal(mapped("$digest_argument", encoded), `&digest=${encoded}`);
  });

  test("passes on nothing else", () => {
    for (const value of [
      "",
      "sha256",
      `${digest}&from=x`,
      `${digest}%26from=x`,
      "sha256:ABC",
      `${digest}\n`,
    ]) {
      assert.equal(mapped("$mount_argument", value), "", JSON.stringify(value));
      assert.equal(mapped("$digest_argument", value), "", JSON.stringify(value));
    }
    for (const value of ["", "Team", "a b", "a&mount=x", "a%26mount", "a%00"]) {
      assert.equal(mapped("$from_argument", value), "", JSON.stringify(value));
    }
  });
});

describe("an obsolete client", () => {
  test("is Docker up to 1.5", () => {
    for (const agent of ["docker/1.3.1", "docker/1.4.0 go/go1.3", "docker/1.5.0", "Go 1.1 package http"]) {
      assert.equal(mapped("$obsolete_client", agent), "1", agent);
    }
  });

  test("is no newer one, and no tool written in Go", () => {
    for (const agent of [
      "docker/1.5.0-dev",
      "docker/1.13.1",
      "docker/27.3.1",
      "Go-http-client/1.1",
      "skopeo/1.9",
      "",
    ]) {
      assert.equal(mapped("$obsolete_client", agent), "0", agent);
    }
  });
});
