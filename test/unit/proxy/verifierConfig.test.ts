import assert from "node:assert/strict";
import { test } from "node:test";
import { verifierConfig } from "../../../components/proxy/verifierConfig";
import { block, directives } from "../../support/nginxText";

const text = verifierConfig({
  socketPath: "/run/verifier/verifier.sock",
  healthAddress: "127.0.0.1:8081",
  usersPath: "/files/current/htpasswd",
});

test("the verifier listens on its socket and for its own health check, and nowhere else", () => {
  assert.deepEqual(directives("listen", text), [
    "unix:/run/verifier/verifier.sock backlog=4096",
    "127.0.0.1:8081",
  ]);
});

test("the verifier asks everything but its health check for a login, by the file of users", () => {
  assert.deepEqual(directives("auth_basic_user_file", block("location /", text)), [
    "/files/current/htpasswd",
  ]);
  assert.deepEqual(directives("auth_basic_user_file", text).length, 1);
  assert.doesNotMatch(block("location = /", text), /auth_basic/);
});

test("the verifier answers no login before it has checked it", () => {
  // nginx obeys these before it looks at a login.
  assert.doesNotMatch(block("location /", text), /^ *(return|rewrite|if|set|satisfy) /m);
});

test("the verifier names nobody in its logs", () => {
  assert.deepEqual(directives("access_log", text), ["off"]);
  // Who has failed is told at level error.
  assert.deepEqual(directives("error_log", text), ["stderr crit"]);
});

test("the verifier needs no module that an image may lack, and writes to memory alone", () => {
  assert.doesNotMatch(text, /load_module|modsecurity|js_/);
  const paths = [...text.matchAll(/^ *(?:pid|\w+_temp_path) (.*);$/gm)].map(([, path]) => path);
  assert.equal(paths.length, 6);
  for (const path of paths) assert.match(path ?? "", /^\/tmp\//);
});
