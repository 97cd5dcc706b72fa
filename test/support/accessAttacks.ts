// How somebody might get past the rules, and what would let them.
import assert from "node:assert/strict";
import type { StandSettings } from "./accessStand";
import { digestOf } from "./endpointGrid";

const start = "/v2/team/app/blobs/uploads/";
/** A blob that every repository has. */
export const blob = digestOf("the layer of every repository");

/** Addresses by which a reader of team/* might read elsewhere: none may ever be answered. */
export const hostile = [
  "/v2/team/app/../../secret/app/manifests/1",
  "/v2/team/../secret/app/manifests/1",
  "/v2/secret%2Fapp/manifests/1",
  "/v2/secret/app%2Fmanifests/1",
  "/v2/team/app%2F..%2F..%2Fsecret/app/manifests/1",
  "/v2//secret/app/manifests/1",
  "//v2/secret/app/manifests/1",
  "/v2/secret//app/manifests/1",
  "/v2/./secret/app/manifests/1",
  "/v2/secret/app/manifests/1/",
  "/v2/secret/app/manifests//1",
  "/v2/secret/app/%6danifests/1",
  "/%76%32/secret/app/manifests/1",
  "/v2/secret/app;/manifests/1",
  "/v2/secret/app/manifests/1;/v2/team/app/manifests/1",
  "/v2/secret/app/manifests/1?x=/v2/team/app/manifests/1",
  "/v2/secret/app/manifests/1?/team/app/manifests/1",
  "/v2/secret/app/manifests/1#/team/app/manifests/1",
  "/V2/secret/app/manifests/1",
  "/v2/secret\\app/manifests/1",
  "/v2/secret/app/blobs/uploads/../../manifests/1",
  `/v2/secret/app/blobs/${blob}`,
  `/v2/secret/app/blobs/${blob}?`,
  `/v2/secret/app/blobs/${blob}/`,
  `/v2/secret/app/blobs/%73${blob.slice(1)}`,
  `/v2/team/app/../../secret/app/blobs/${blob}`,
  `/v2/secret/app/blobs/${blob.replace(":", "%3A")}`,
  "http://registry.test/v2/secret/app/manifests/1",
];

/**
 * Requests as no library writes them, after a login for `team/app`: what is asked of `secret/app` is never answered. `AUTH`
 * stands for the header of that login.
 */
export const handwritten: { readonly [title: string]: string } = {
  "two logins": lines("GET /v2/secret/app/manifests/1 HTTP/1.1", "AUTH", "Authorization: Basic cm9vdDp4"),
  "a method in small letters": lines("get /v2/secret/app/manifests/1 HTTP/1.1", "AUTH"),
  "no version": "GET /v2/secret/app/manifests/1\r\n",
  "an address of another host": lines("GET http://x/v2/secret/app/manifests/1 HTTP/1.1", "AUTH"),
  "an address after a name of a user": lines("GET http://a@x/v2/secret/app/manifests/1 HTTP/1.1", "AUTH"),
  "another method by a header": lines(
    "GET /v2/secret/app/manifests/1 HTTP/1.1",
    "AUTH",
    "X-HTTP-Method-Override: GET",
    "X-Original-URI: /v2/team/app/manifests/1",
    "X-Original-URL: /v2/team/app/manifests/1",
    "X-Rewrite-URL: /v2/team/app/manifests/1",
    "X-Forwarded-Prefix: /v2/team/app",
  ),
  "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "an upgrade to HTTP/2": lines(
    "GET /v2/secret/app/manifests/1 HTTP/1.1",
    "AUTH",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
    "Connection: Upgrade, HTTP2-Settings",
  ),
  "a second request behind one that is right": `${lines("GET /v2/team/app/tags/list HTTP/1.1", "AUTH")}${lines("GET /v2/secret/app/tags/list HTTP/1.1", "AUTH")}`,
  "a second request in a body of two lengths": `${lines(
    "GET /v2/team/app/tags/list HTTP/1.1",
    "AUTH",
    "Content-Length: 6",
    "Transfer-Encoding: chunked",
  )}0\r\n\r\n${lines("GET /v2/secret/app/tags/list HTTP/1.1", "AUTH")}`,
  "a tab in the line": lines("GET\t/v2/secret/app/manifests/1\tHTTP/1.1", "AUTH"),
  "a line break in the line": lines(
    "GET /v2/team/app/tags/list\n/v2/secret/app/manifests/1 HTTP/1.1",
    "AUTH",
  ),
  "many ranges": lines(`GET /v2/secret/app/blobs/${blob} HTTP/1.1`, "AUTH", "Range: bytes=0-1,2-3"),
};

function lines(first: string, ...headers: readonly string[]): string {
  return [first, "Host: registry.test", "Accept: */*", ...headers, "", ""].join("\r\n");
}

/** Spellings of a mount from where the pusher may not pull. */
export const mounts: readonly (readonly [title: string, path: string, body?: string])[] = [
  ["plain", `${start}?mount=${blob}&from=secret/app`],
  ["encoded", `${start}?mount=${encodeURIComponent(blob)}&from=secret%2Fapp`],
  ["with an encoded key", `${start}?mount=${blob}&fr%6fm=secret/app`],
  ["twice", `${start}?mount=${blob}&from=team/app&from=secret/app`],
  ["in a form", start, `mount=${blob}&from=secret/app`],
  ["over a form", `${start}?mount=${blob}&from=team/none`, `from=secret/app`],
  ["with a way up", `${start}?mount=${blob}&from=team/../secret/app`],
  ["with semicolons", `${start}?mount=${blob};from=secret/app`],
];

/** Changes to the proxy's files that each open a door. */
export const mutants: { readonly [title: string]: StandSettings["mutate"] } = {
  "the method of the question about the login": (name, text) =>
    name === "access.js"
      ? replaced(text, "r.variables.asked_action", '(r.method === "GET" ? "pull" : "push")')
      : text,
  "patterns that need not reach the end": (name, text) =>
    name === "glob.js"
      ? replaced(text, "while (at < text.length || of < pattern.length)", "while (of < pattern.length)")
      : text,
  "blobs before the login": (name, text) => {
    if (name !== "nginx.conf") return text;
    const from = text.indexOf('location ~ "^/v2/(?<repository>');
    const to = text.indexOf("try_files /nothing @blob;", from);
    assert.ok(from > 0 && to > from);
    const head = text.indexOf("\n", from) + 1;
    return `${text.slice(0, head)}${text.slice(to)}`;
  },
  "mounts as they come": (name, text) =>
    name === "nginx.conf"
      ? replaced(text, "$allowed_mount$start_digest", "$start_mount$start_from$start_digest")
      : text,
};

function replaced(text: string, before: string, now: string): string {
  assert.ok(text.includes(before), before);
  return text.replaceAll(before, now);
}
