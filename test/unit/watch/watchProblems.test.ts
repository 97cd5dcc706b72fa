import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { accessProblems } from "../../../components/access/problems";
import { LogFormat } from "../../../components/registry/args";
import { logProblems, metricsProblems } from "../../../components/watch/problems";

const users = [{ name: "alice" }, { name: "prometheus" }];

describe("log", () => {
  test("may have each form, and days of audit where there is a keeper", () => {
    for (const format of Object.values(LogFormat))
      assert.deepEqual(logProblems({ format, auditDays: 90 }, true), []);
    assert.deepEqual(logProblems({}, false), []);
    assert.deepEqual(logProblems({ auditDays: 0 }, false), []);
  });

  test("is refused for another form, for no whole days, and for audit without a keeper", () => {
    assert.deepEqual(logProblems({ format: "xml" as LogFormat }, true), [
      'log.format: "xml" is not one of the choices; write one of "text", "json"',
    ]);
    assert.match(logProblems({ auditDays: -1 }, true).join("\n"), /log\.auditDays: -1 is out of range/);
    assert.match(logProblems({ auditDays: 0.5 }, true).join("\n"), /log\.auditDays: 0\.5 is out of range/);
    assert.match(
      logProblems({ auditDays: 7 }, false).join("\n"),
      /the keeper has the lines, and there is none/,
    );
  });
});

describe("metrics", () => {
  test("are for users that there are, and for networks", () => {
    assert.deepEqual(metricsProblems({}, users), []);
    const allowedAddresses = ["192.0.2.0/24", "2001:db8::1"];
    assert.deepEqual(metricsProblems({ users: ["prometheus"], allowedAddresses }, users), []);
    assert.deepEqual(metricsProblems({ users: [], allowedAddresses }, users), []);
    assert.deepEqual(metricsProblems({ allowedAddresses: [] }, users), []);
    assert.deepEqual(metricsProblems({ users: ["whoever"] }), []);
  });

  test("are refused for nobody, for an unknown user and for what is no network", () => {
    assert.deepEqual(metricsProblems({ users: [] }, users), [
      "metrics.users: is empty, so that nobody could read them; write users, or leave it out",
    ]);
    assert.deepEqual(metricsProblems({ users: ["bob"] }, users), [
      'metrics.users[0]: "bob" is not one of users; write one of "alice", "prometheus", or add the user',
    ]);
    assert.match(
      metricsProblems({ allowedAddresses: ["host.example.com"] }, users).join("\n"),
      /metrics\.allowedAddresses\[0\]: "host\.example\.com" is neither a network nor an IP address/,
    );
  });

  test("are refused where the rules let nobody read them, and nobody else is named", () => {
    const pull = [{ repositories: ["**"], users: ["alice", "prometheus"], actions: [AccessAction.Pull] }];
    const part = [{ repositories: ["team/**"], users: ["alice"], actions: [AccessAction.Delete] }];
    for (const access of [pull, part, [...pull, ...part]]) {
      assert.match(
        metricsProblems({}, users, access).join("\n"),
        /^metrics\.users: is missing, .* write the user that Prometheus logs in as$/,
      );
      assert.deepEqual(metricsProblems({ users: ["prometheus"] }, users, access), []);
      assert.deepEqual(metricsProblems({ allowedAddresses: ["192.0.2.9"] }, users, access), []);
    }
    const all = [...pull, { repositories: ["**"], groups: ["admins"], actions: [AccessAction.Delete] }];
    assert.deepEqual(metricsProblems({}, [...users, { name: "carol", groups: ["admins"] }], all), []);
  });

  test("are something to do for a user whom no rule names", () => {
    const access = [{ repositories: ["**"], users: ["alice"], actions: [AccessAction.Pull] }];
    assert.match(accessProblems(access, users).join("\n"), /"prometheus" can do nothing/);
    assert.deepEqual(accessProblems(access, users, ["prometheus"]), []);
  });
});
