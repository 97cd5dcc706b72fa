import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestChecks } from "../../../components/proxy/nginx/requestChecks";
import { nginxMaps } from "../../support/nginxMaps";

const { mapped, resolved } = nginxMaps(requestChecks.http ?? "");

/** Whether a request with this target, as the client wrote it, is refused. */
function isRefused(target: string): boolean {
  const query = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  return mapped("$refused", mapped("$path_refused", target) + mapped("$query_refused", query)) === "1";
}

/** Path and query that the registry gets for a target. */
function passedOn(target: string): string {
  const query = target.includes("?") ? target.slice(target.indexOf("?") + 1) : "";
  return resolved("$registry_uri", { $request_uri: target, $args: query });
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
    `/v2/team/app/blobs/uploads/?mount=${digest}&from=team/base&origin=index.docker.io`,
    "/v2/team/app/blobs/uploads/?digest-algorithm=sha512",
    `/v2/team/app/manifests/${digest}?tag=1.0&tag=latest`,
    "/v2/_catalog?x=1",
    "/v2/_catalog?x",
    "/v2/_catalog?x=",
    "/v2/_catalog?=1",
    "/v2/_catalog?N=1",
    "/v2/_catalog?Mount=a&from=b",
    "/v2/_catalog?x=1&x=2&x=1",
    "/v2/_catalog?x=a?b/c!$'()*;,:@=",
    "/v2/_catalog?filter%5Bname%5D=%C3%A4+%00",
    "/v2/_catalog?na%6de=1&+n=1&n+=1&xn=1&nx=1&n%00=1",
    "/v2/_catalog?x=1;y=2",
    "/v2/_catalog?n=1&",
    "/v2/_catalog?&n=1",
    "/v2/_catalog?n=1&&last=a",
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
    "/v2/_catalog?n",
    "/v2/_catalog?n=1;last=a",
    "/v2/_catalog?n=1&n=2",
    "/v2/_catalog?n=1&last=a&n=2",
    "/v2/_catalog?last=a&n=1&n=1",
    "/v2/_catalog?%6e=1",
    "/v2/_catalog?%6E",
    "/v2/_catalog?x=1;n=1",
    "/v2/_catalog?;n=1",
    "/v2/_catalog?x;%6e=1",
    "/v2/_catalog?n;x=1",
    "/v2/_catalog?n=1&x=%",
    "/v2/_catalog?x%zz=1",
    "/v2/_catalog?x=ä",
    "/v2/_catalog?x=1&n=1&x=1&n=1",
    "/v2/_catalog?%5fstate=1",
    "/v2/_catalog?artifact%54ype=1",
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
    const long = [
      "n=1&".repeat(2000),
      "=".repeat(8000),
      "&".repeat(8000),
      "n;".repeat(4000),
      "%6".repeat(4000),
    ];
    for (const query of [keys, ...long, `n=${"a".repeat(7900)}!`, `x=${"%61".repeat(2600)}!`]) {
      const start = performance.now();
      isRefused(`/v2/_catalog?${query}"`);
      isRefused(`/v2/_catalog?${query}`);
      assert.equal(isRefused(`${"/a".repeat(4000)}!`), true);
      passedOn(`/v2/_catalog?${query}`);
      assert.ok(performance.now() - start < 5000, query.slice(0, 20));
    }
  });
});

describe("the registry is asked", () => {
  const uploads = "/v2/team/app/blobs/uploads/";
  const mount = `mount=${digest}&from=team/base`;
  const asked: readonly (readonly [target: string, passed: string])[] = [
    ["/v2/", "/v2/"],
    ["/v2/?", "/v2/"],
    ["/v2/_catalog?n=5&last=team%2Fapp", "/v2/_catalog?n=5&last=team%2Fapp"],
    ["/v2/_catalog?last=a&x=1&n=", "/v2/_catalog?n=&last=a"],
    ["/v2/_catalog?x=n&xn=1&nx=2&N=3&=4&", "/v2/_catalog"],
    ["/v2/a/manifests/1?ns=docker.io&tag=1&tag=2", "/v2/a/manifests/1?ns=docker.io"],
    [`/v2/a/referrers/${digest}?artifactType=a%2Fb`, `/v2/a/referrers/${digest}?artifactType=a%2Fb`],
    [`${uploads}0f8f?_state=Zm9v==&digest=${encoded}&x=1`, `${uploads}0f8f?digest=${encoded}&_state=Zm9v==`],
    [`${uploads}?${mount}&origin=index.docker.io`, `${uploads}?${mount}`],
    [`${uploads}?origin=a&from=team%2Fbase&mount=${encoded}`, `${uploads}?mount=${encoded}&from=team%2Fbase`],
    [`${uploads}?Mount=sha256:x&Mount=y&${mount}&From=other`, `${uploads}?${mount}`],
    [`${uploads}?xmount=${digest}&from=a`, `${uploads}?from=a`],
    [`${uploads}?digest=${encoded}&digest-algorithm=sha256`, `${uploads}?digest=${encoded}`],
    [`${uploads}?n=1&last=a&ns=docker.io&_state=a`, uploads],
    [
      `/v2/blobs/uploads/tags/list?n=1&${mount}`,
      `/v2/blobs/uploads/tags/list?mount=${digest}&from=team/base&n=1`,
    ],
  ];
  for (const [target, passed] of asked) {
    test(`${passed} by ${target}`, () => assert.equal(passedOn(target), passed));
  }

  test("for no mount by anything but a digest and a repository", () => {
    for (const value of ["", "sha256", `${digest}%26from=x`, "sha256:ABC", `${digest}/`, `${digest}=`]) {
      assert.equal(passedOn(`${uploads}?mount=${value}`), uploads, value);
      assert.equal(passedOn(`${uploads}?digest=${value}`), uploads, value);
    }
    for (const value of ["", "Team", "a+b", "a=b", "a%26mount", "a%00"]) {
      assert.equal(passedOn(`${uploads}?from=${value}`), uploads, value);
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
