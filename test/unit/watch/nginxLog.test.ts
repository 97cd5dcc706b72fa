import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LogFormat } from "../../../components/registry/args";
import { resolvedLog, resolvedMetrics } from "../../../components/watch/defaults";
import { nginxMaps } from "../../support/nginxMaps";
import { directives, render, text } from "../../support/nginxText";

const controlPath = "/control";
const json = render({ log: resolvedLog({ format: LogFormat.Json }) });
const audited = render({ log: resolvedLog({ auditDays: 3 }), controlPath });
const counted = render({ metrics: resolvedMetrics({ allowedAddresses: ["192.0.2.9"] }) });

describe("what nginx.conf writes down", () => {
  test("is a line of text where nobody asks for more, and nothing takes requests apart for it", () => {
    assert.deepEqual(
      directives("access_log"),
      ["off", "off", "/dev/stdout registry buffer=32k flush=1s", "off"].sort(),
    );
    assert.doesNotMatch(text, /log_action|login_answer|js_shared_dict_zone|metrics|audit/);
  });

  test("has a name that is a user's, and no other", () => {
    for (const each of [text, json, audited, counted]) {
      const formats = each.match(/log_format (?:.|\n)*?;\n/g)?.join("") ?? "";
      assert.doesNotMatch(formats, /\$remote_user|\$asking_user|\$http_authorization|\$args|\$request_uri/);
    }
    assert.match(text, /map \$checked_login \$known_user \{\n {4}default \$remote_user;\n {4}"Basic /);
  });

  test("is JSON in writes that the kernel does not mix, if that is asked for", () => {
    assert.ok(directives("access_log", json).includes("/dev/stdout registry buffer=4k flush=1s"));
    const [, format = ""] = /log_format registry escape=json '(.*)';/.exec(json) ?? [];
    const line = format.replace(/:\$\w+/g, ":1");
    assert.deepEqual(Object.keys(JSON.parse(line)).slice(0, 4), ["time", "action", "user", "login"]);
  });

  test("finds every action in the table of what is audited, however its login ended", () => {
    const { mapped } = nginxMaps(audited);
    const table = (variable: string) =>
      new RegExp(`^ {2}map .* \\$${variable} \\{\n((?:.|\n)*?)\n {2}\\}`, "m").exec(audited)?.[1] ?? "";
    const words = (variable: string) => [...table(variable).matchAll(/ (\w+);$/gm)].map(([, word]) => word);
    const tables = ["log_login", "log_without_answer", "log_wrong_login", "log_without_password"];
    const [actions, logins] = [words("log_action"), tables.flatMap(words)].map((all) => [...new Set(all)]);
    assert.deepEqual([actions?.length, logins?.sort()], [10, ["none", "ok", "refused", "unchecked"]]);
    for (const action of actions ?? [])
      for (const login of logins ?? []) {
        const isWrite = ["push", "upload", "delete", "keeper"].includes(action ?? "");
        const expected = isWrite ? "$audited_write" : login === "refused" ? "$audit_refusal" : "";
        assert.equal(
          mapped("$audited", `${action} ${login}`, (name) => name),
          expected,
          `${action} ${login}`,
        );
      }
  });

  test("has a file for each day where there is an audit, and nowhere without a keeper", () => {
    assert.ok(directives("access_log", audited).includes("/control/audit/$log_day.jsonl audit if=$audited"));
    assert.doesNotMatch(render({ log: resolvedLog({ auditDays: 3 }) }), /audit/);
  });

  test("is counted where there are metrics, which addresses may read without a login", () => {
    assert.ok(directives("access_log", counted).includes("/tmp/counts.log counts buffer=32k flush=1s"));
    assert.match(counted, /geo \$metrics_login \{\n {4}default 1;\n {4}192\.0\.2\.9 0;/);
    assert.match(counted, /location = \/_metrics \{\n {6}internal;/);
    assert.doesNotMatch(render({ metrics: resolvedMetrics() }), /_metrics/);
  });

  test("needs to know how each login was answered", () => {
    const guards = (config: string) => config.match(/auth_request \/_login;/g)?.length;
    assert.equal(json.match(/auth_request_set \$login_answer \$status;/g)?.length, guards(json));
  });
});
