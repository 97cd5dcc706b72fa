import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RequestLimitArgs } from "../../../components";
import { resolvedRequestLimits } from "../../../components/proxy/defaults";
import { limitProblems } from "../../../components/proxy/limitProblems";
import { requestLimits } from "../../../components/proxy/nginx/requestLimits";

const networks = '"192.0.2.0/24" or "2001:db8::/32"';

const checksOf = (limits: RequestLimitArgs) => requestLimits(resolvedRequestLimits(limits)).server ?? "";
const tablesOf = (limits: RequestLimitArgs) => requestLimits(resolvedRequestLimits(limits)).http ?? "";

describe("limits in nginx.conf", () => {
  test("are none unless they are asked for", () => {
    assert.equal(checksOf({}), "");
    assert.doesNotMatch(tablesOf({}), /limit_|geo/);
  });

  test("refuse every address but those that are named, before anything is counted", () => {
    const limits = { allowedAddresses: ["192.0.2.0/24", "2001:db8::7"], requestsPerSecond: 1 };
    assert.match(
      tablesOf(limits),
      /geo \$address_refused \{\n {4}default 1;\n {4}192\.0\.2\.0\/24 0;\n {4}2001:db8::7 0;\n {2}\}/,
    );
    const checks = checksOf(limits);
    assert.match(checks, /^\s*if \(\$address_refused\) \{\s*return 403 /);
    assert.ok(checks.indexOf("return 403") < checks.indexOf("limit_req "));
  });

  test("count requests of a client, of which five seconds' worth may wait", () => {
    assert.match(
      tablesOf({ requestsPerSecond: 20 }),
      /limit_req_zone \$client zone=requests:4m rate=20r\/s;/,
    );
    assert.match(checksOf({ requestsPerSecond: 20 }), /limit_req zone=requests burst=100;/);
    assert.match(checksOf({ requestsPerSecond: 20, requestBurst: 7 }), /limit_req zone=requests burst=7;/);
  });

  test("count what a client asks at the same time", () => {
    assert.match(tablesOf({ connectionsPerAddress: 3 }), /limit_conn_zone \$client zone=connections:4m;/);
    assert.match(checksOf({ connectionsPerAddress: 3 }), /limit_conn connections 3;/);
  });

  test("answer in the registry's own format, and say when to come back", () => {
    const checks = checksOf({ allowedAddresses: ["192.0.2.1"], connectionsPerAddress: 3 });
    const codes = [...checks.matchAll(/return (\d+) '(.*)';/g)].map(([, status, body]) => [
      status,
      JSON.parse(body ?? "").errors[0].code,
    ]);
    assert.deepEqual(codes, [
      ["403", "DENIED"],
      ["429", "TOOMANYREQUESTS"],
    ]);
    assert.match(
      checks,
      /limit_conn_status 429;[\s\S]*error_page 429 @too_many;[\s\S]*Retry-After 2 always;/,
    );
  });
});

describe("limits as arguments", () => {
  test("may be left out, or all be given", () => {
    assert.deepEqual(limitProblems({}), []);
    assert.deepEqual(
      limitProblems({
        allowedAddresses: ["192.0.2.0/24", "192.0.2.7", "0.0.0.0/0", "2001:db8::/32", "::1"],
        requestsPerSecond: 1,
        requestBurst: 1,
        connectionsPerAddress: 65535,
        loginsPerSecond: 1,
        loginBurst: 1,
      }),
      [],
    );
  });

  for (const network of [
    ...["", "x", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/08", "192.0.2.0/24/1", "2001:db8::/129"],
    ...["fe80::1%eth0", "192.0.2.1 0; } #", "192.0.2.0/255.255.255.0", "registry.example.com"],
  ]) {
    test(`refuse the network ${JSON.stringify(network)}`, () => {
      assert.deepEqual(limitProblems({ allowedAddresses: ["192.0.2.1", network] }), [
        `limits.allowedAddresses[1]: ${JSON.stringify(network)} is neither a network nor an IP address; write one such as ${networks}`,
      ]);
    });
  }

  test("refuse to let nobody in", () => {
    assert.deepEqual(limitProblems({ allowedAddresses: [] }), [
      `limits.allowedAddresses: is empty, so that nobody is in it; write networks such as ${networks}`,
    ]);
  });

  test("refuse what is no count", () => {
    assert.deepEqual(
      limitProblems({
        requestsPerSecond: 0,
        requestBurst: 1.5,
        connectionsPerAddress: 65536,
        loginsPerSecond: -1,
        loginBurst: 0,
      }),
      [
        "limits.requestsPerSecond: 0 is out of range; write a whole number from 1 to 1000000",
        "limits.requestBurst: 1.5 is out of range; write a whole number from 1 to 1000000",
        "limits.connectionsPerAddress: 65536 is out of range; write a whole number from 1 to 65535",
        "limits.loginsPerSecond: -1 is out of range; write a whole number from 1 to 1000000",
        "limits.loginBurst: 0 is out of range; write a whole number from 1 to 1000000",
      ],
    );
  });

  test("refuse a burst over no rate", () => {
    assert.deepEqual(limitProblems({ requestBurst: 5 }), [
      "limits.requestBurst: is given without requestsPerSecond; set that too, or remove this",
    ]);
  });
});
