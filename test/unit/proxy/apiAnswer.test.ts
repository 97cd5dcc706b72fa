import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiAnswer, retryHeaders } from "../../../components/proxy/nginx/apiAnswer";
import { internalServer, internalSocket } from "../../../components/proxy/nginx/internalServer";
import { block, directives, render } from "../../support/nginxText";

const headers = [
  "Docker-Distribution-Api-Version registry/2.0 always",
  "X-Content-Type-Options nosniff always",
  "Content-Security-Policy sandbox always",
];

describe("an error of the API", () => {
  test("is a status with a body in the format that clients print", () => {
    const body = '{"errors":[{"code":"DENIED","message":"a \\"b\\""}]}';
    assert.equal(apiAnswer(403, "DENIED", 'a "b"'), `return 403 '${body}';`);
    assert.equal(JSON.parse(body).errors[0].message, 'a "b"');
  });

  test("says when to try again, and then the headers of the API itself, as nginx inherits none beside it", () => {
    const answer = `      ${apiAnswer(503, "UNAVAILABLE", "later", 7)}`;
    assert.deepEqual(directives("add_header", answer), [...headers, "Retry-After 7 always"]);
    assert.match(answer, /^( {6}\S.*\n){4} {6}return 503 '.*';$/);
    assert.deepEqual(directives("add_header", `      ${retryHeaders(5)}`), [
      ...headers,
      "Retry-After 5 always",
    ]);
  });

  test("is in no location that adds a header and leaves out those of the API", () => {
    const config = render({ limits: { requestsPerSecond: 1 }, dataPath: "/data", verifiesClients: true });
    const adding = [...config.matchAll(/^ {4}location .* \{\n[\s\S]*?\n {4}\}/gm)]
      .map(([text]) => text)
      .filter((text) => text.includes("add_header") && !text.includes("proxy_pass"));
    assert.ok(adding.length >= 4);
    for (const text of adding)
      assert.deepEqual(
        headers.filter((header) => !directives("add_header", text).includes(header)),
        [],
        text,
      );
  });
});

test("a server of the proxy's own listens on a socket in its container, and knows the client by what it is told", () => {
  const server = internalServer("x", "\n    location / {\n      return 204;\n    }\n");
  assert.equal(internalSocket("x"), "unix:/tmp/x.sock");
  assert.deepEqual(directives("listen", server), ["unix:/tmp/x.sock"]);
  assert.deepEqual(directives("set_real_ip_from", server), ["unix:"]);
  assert.deepEqual(directives("real_ip_header", server), ["X-Real-IP"]);
  assert.match(block("location /", server), /return 204;/);
});
