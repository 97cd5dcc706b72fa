import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { block, directives, render, text } from "../../support/nginxText";

describe("nginx.conf behind a load balancer", () => {
  const trustedAddresses = ["192.0.2.7", "2001:db8::/64"];
  const behind = render({ trustedAddresses, limits: { allowedAddresses: ["198.51.100.0/24"] } });

  test("takes the client's address from the load balancer alone, and requests from nobody else", () => {
    assert.deepEqual(directives("set_real_ip_from", behind), ["unix:", ...trustedAddresses]);
    assert.deepEqual(directives("real_ip_header", behind), ["X-Real-IP", "X-Forwarded-For"]);
    assert.match(block("geo $realip_remote_addr $front_refused", behind), /default 1;\n {4}192\.0\.2\.7 0;/);
    const checks = ["if ($front_refused)", "if ($address_refused)", "if ($refused)"];
    const places = checks.map((check) => behind.indexOf(check));
    assert.ok(!places.includes(-1));
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
    );
  });

  test("trusts nobody about the client unless it is told so", () => {
    assert.deepEqual(directives("set_real_ip_from"), ["unix:"]);
    assert.doesNotMatch(text, /X-Forwarded-For;|front_refused|x_forwarded_proto/);
  });

  test("has nothing of TLS if the load balancer does it", () => {
    const plain = render({ trustedAddresses, plainHttp: true, port: 8080 });
    assert.deepEqual(directives("listen", plain), [
      "unix:/tmp/attempts.sock",
      "unix:/tmp/waiting.sock",
      "8080",
      "127.0.0.1:8081",
    ]);
    assert.doesNotMatch(plain, /ssl|497|plain_http/);
    assert.match(behind, /listen 8443 ssl;/);
  });
});

describe("nginx.conf with limits", () => {
  const limits = { allowedAddresses: ["192.0.2.7"], requestsPerSecond: 9, connectionsPerAddress: 3 };
  const limited = render({ limits: { ...limits, loginsPerSecond: 4, loginBurst: 6 } });
  const [, clients = "", health = ""] = limited.split(/^ {4}listen (?=8443|127)/m);

  test("looks at the address before anything else", () => {
    assert.ok(clients.indexOf("if ($address_refused)") < clients.search(/if \(\$(?!address_refused)/));
  });

  test("never limits the port for health", () => {
    assert.match(clients, /limit_req zone=requests[\s\S]*limit_conn /);
    assert.doesNotMatch(health, /limit_|address_refused/);
  });

  test("has the given limits of logins", () => {
    assert.match(limited, /zone=logins:4m rate=4r\/s;[\s\S]*limit_req zone=logins burst=6;/);
  });
});

test("clients that come by IPv6 have a port of their own, which is listened on only where they can come", () => {
  const listens = (text: string) => directives("listen", text).filter((value) => !/unix|127/.test(value));
  assert.deepEqual(listens(render({ ipv6Port: 9443 })), ["8443 ssl", "9443 ssl", "[::]:9443 ssl"]);
  assert.deepEqual(listens(render({ plainHttp: true, ipv6Port: 9443 })), ["8443", "9443", "[::]:9443"]);
  assert.deepEqual(listens(render()), ["8443 ssl"]);
});
