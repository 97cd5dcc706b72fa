import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolvedRequestLimits } from "../../../components/proxy/defaults";
import { nginxConfig } from "../../../components/proxy/nginx/nginxConfig";
import { firewall } from "../../../components/proxy/waf/firewall";
import { wafProblems } from "../../../components/proxy/waf/problems";
import { wafRules } from "../../../components/proxy/waf/wafRules";

const waf = { rulesPath: "/etc/private-registry/0/waf.conf", bodyLimit: 4_194_304 };
const nginx = nginxConfig({
  realm: "Private Registry",
  users: ["alice"],
  usersHash: "fedcba9876543210",
  verifierSocket: "/run/verifier.sock",
  registrySockets: ["/run/registry.sock"],
  port: 8443,
  healthPort: 8081,
  generation: "0",
  oldWorkerSeconds: 86_400,
  dataPath: "/data",
  limits: resolvedRequestLimits(),
  diskGuard: false,
  quotas: [],
  waf,
});

const settings = {
  paranoiaLevel: 2,
  anomalyThreshold: 7,
  detectionOnly: false,
  excludedRules: [],
  bodyLimit: 4_194_304,
};
const rules = wafRules(settings);

/** The expressions of a map of nginx, or of a rule with this target. PCRE and JavaScript read them alike. */
const expressions = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, expression = ""]) => new RegExp(expression));
const mapOf = (variable: string) => {
  const body = new RegExp(`map "[^"]*" \\${variable} \\{([^}]*(?:\\{\\d+(?:,\\d+)?\\}[^}]*)*)\\n  \\}`);
  return expressions(body.exec(firewall(waf).http ?? "")?.[1] ?? "", /"~(.*)" 1;/g);
};
const isUpload = (method: string, target: string, uri = target.split("?")[0]) =>
  mapOf("$upload").some((expression) => expression.test(`${uri} ${method} ${target}`));

const start = "/v2/team/app/blobs/uploads/";
const session = `${start}0f8fad5b-d9cb-469f-a165-70867728950e`;
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an upload is inspected without its body", () => {
  const uploads = [
    ["POST", start],
    ["POST", `/v2/a.b_c__d-e--f/g/h/i/j/blobs/uploads/`],
    ["POST", `${start}?digest=${digest}`],
    ["POST", `${start}?mount=${encodeURIComponent(digest)}&from=team%2Fother&ns=docker.io`],
    ["POST", `${start}?mount=${digest}&from=team/other&origin=index.docker.io`],
    ["POST", "/v2/x/blobs/uploads/manifests/tags/list/blobs/uploads/"],
    ["PATCH", session.replace("team/app", "manifests/blobs/uploads")],
    ["PUT", `${session}?digest=${digest}&x=1&y%5B%5D='&Digest&`],
    ...["GET", "HEAD", "PATCH", "PUT", "DELETE"].map((method) => [method, session]),
    ["PATCH", `${session}?_state=aB-_09%3D%3D`],
    ["PUT", `${session}?_state=aB-_09==&digest=${encodeURIComponent(digest)}`],
  ] as const;
  for (const [method = "", target = ""] of uploads) {
    test(`by ${method} ${target}`, () => assert.ok(isUpload(method, target)));
  }

  const others = [
    ["GET", start],
    ["PUT", start],
    ["POST", session],
    ["SEARCH", session],
    ["PATCH", `${session}/`],
    ["PATCH", `${start}short`],
    ["PATCH", `${session}?_state=%27`],
    ["PUT", `${session}?digest=sha256:abc`],
    ["PUT", `${session}?x=1&digest=sha256:abc`],
    ["PUT", `${session}${"&x".repeat(101).replace("&", "?")}`],
    ["PUT", `${session}/manifests/1`],
    ["POST", "/v2/x/blobs/uploads/app/manifests/1"],
    ["PATCH", "/v2/x/blobs/uploads/tags/list"],
    ["POST", `${start}?from=../other`.replace("..", "%2e%2e")],
    ["POST", `${start}?mount=${digest}&from=a'b`],
    ["POST", "/v2/Team/app/blobs/uploads/"],
    ["POST", "/v2/../blobs/uploads/"],
    ["POST", "/v2/blobs/uploads/"],
    ["POST", `${start}x`],
    ["PUT", "/v2/team/app/manifests/1"],
  ] as const;
  for (const [method, target] of others) {
    test(`but not ${method} ${target}`, () => assert.ok(!isUpload(method, target)));
  }

  test("but not when the proxy asks itself about it", () => {
    for (const uri of ["/_upload", "/_rules", "/_login"]) assert.ok(!isUpload("POST", start, uri));
  });
});

describe("nginx.conf with a firewall", () => {
  const locations = [...nginx.matchAll(/^ {4}location (.*) \{\n([\s\S]*?)\n {4}\}/gm)];

  test("inspects in every location that clients reach, and in none that comes after", () => {
    const inspecting = locations.filter(([, , body]) => body?.includes("modsecurity on;"));
    assert.deepEqual(
      inspecting.map(([, head]) => head).sort(),
      [
        "/",
        "/v2/",
        "= /_deletion",
        "= /_refused",
        "@manifest",
        "~ ^/v2/.+/blobs/uploads/[^/]*$",
        '~ "^/v2/(?<repository>.+)/blobs/sha256:(?<blob>(?<folder>[0-9a-f]{2})[0-9a-f]{62})$"',
        "/",
      ].sort(),
    );
    for (const [, head, body = ""] of inspecting) {
      assert.doesNotMatch(body, /return|error_page|rewrite/, `${head} would answer before the rules`);
      assert.match(body, /error_log stderr info;/, head);
    }
  });

  test("bounds what is read into the proxy, but for uploads", () => {
    const limits = locations.flatMap(([, head, body]) =>
      body?.includes("auth_request /_login;") ? [[head, /client_max_body_size (\d+);/.exec(body)?.[1]]] : [],
    );
    assert.deepEqual(Object.fromEntries(limits), {
      "/v2/": "16384",
      "~ ^/v2/.+/blobs/uploads/[^/]*$": "16384",
      '~ "^/v2/(?<repository>.+)/blobs/sha256:(?<blob>(?<folder>[0-9a-f]{2})[0-9a-f]{62})$"': "16384",
      "= /_deletion": "16384",
      "= /_manifest": "4194304",
      "@upload": undefined,
    });
  });
});

describe("the rules' configuration", () => {
  test("reads what the keeper is asked as JSON, and lets its names be any that are legal", () => {
    const path = /REQUEST_FILENAME "@rx (\^\/_keeper\S+)" "t:none,\\\n\s+ctl:requestBodyProcessor=JSON/.exec(
      rules,
    )?.[1];
    const pattern = new RegExp(path ?? "no path");
    for (const address of ["/_keeper/list", `/_keeper/answers/${"0f".repeat(16)}`])
      assert.match(address, pattern);
    for (const address of ["/_keeper/", "/_keeper/purge", "/_keeper/list/x", "/_keeper/answers/0"])
      assert.doesNotMatch(address, pattern);
    for (const field of ["repository", "tag", "digest"])
      assert.match(
        rules,
        new RegExp(`SecRule ARGS:json\\.${field} "@rx \\^[\\s\\S]*?OWASP_CRS;ARGS:json\\.${field}"`),
      );
  });

  test("sets level and threshold for both generations of the rule set", () => {
    for (const setting of ["paranoia_level=2", "blocking_paranoia_level=2", "anomaly_score_threshold=7"]) {
      assert.ok(rules.includes(setting), setting);
    }
    assert.match(rules, /^SecRuleEngine On$/m);
    assert.match(wafRules({ ...settings, detectionOnly: true }), /^SecRuleEngine DetectionOnly$/m);
  });

  test("lets no rule see the Authorization header, and keeps no audit log", () => {
    assert.match(rules, /^SecRuleUpdateTargetByTag "OWASP_CRS" "!REQUEST_HEADERS:Authorization"$/m);
    assert.match(rules, /^SecAuditEngine Off$/m);
    for (const line of rules.split("\n").filter((each) => /^SecRule .*REQUEST_HEADERS/.test(each)))
      assert.match(line, /\|!REQUEST_HEADERS:Authorization/);
  });

  test("does without the rules that are excluded", () => {
    const excluded = wafRules({ ...settings, excludedRules: [942100, 1003] });
    assert.match(excluded, /^SecRuleRemoveById 942100\nSecRuleRemoveById 1003$/m);
  });

  test("takes legal paths and arguments for harmless, and others not", () => {
    const [path] = expressions(rules, /^SecRule REQUEST_FILENAME "@rx (.*)" "id:1001/gm);
    const good = [
      "/v2/",
      "/v2/_catalog",
      "/v2/etc/passwd/tags/list",
      `/v2/a/b/blobs/${digest}`,
      start,
      session,
    ];
    for (const each of [...good, "/v2/app/manifests/1.0.bak"]) assert.match(each, path ?? /$^/, each);
    for (const each of [
      "/",
      "/.git/config",
      "/v2/../etc/tags/list",
      "/v2/a/manifests/a'b",
      "/v2/a;id/tags/list",
    ])
      assert.doesNotMatch(each, path ?? /^/, each);
    const [last] = expressions(rules, /^SecRule ARGS_GET:last "@rx (.*)" /gm);
    for (const each of ["team/app", "1.0.bak", "etc/passwd"]) assert.match(each, last ?? /$^/);
    for (const each of ["../etc/passwd", "a b", "1'", "", "a//b"]) assert.doesNotMatch(each, last ?? /^/);
  });
});

test("settings of the firewall are checked, each with a message of its own", () => {
  assert.deepEqual(wafProblems({ paranoiaLevel: 4, anomalyThreshold: 100, excludedRules: [942100] }), []);
  assert.deepEqual(
    wafProblems({ paranoiaLevel: 5, anomalyThreshold: 0, excludedRules: [942100, 0.5], bodyLimit: 1 }),
    [
      "waf.paranoiaLevel: 5 is out of range; write a whole number from 1 to 4",
      "waf.anomalyThreshold: 0 is out of range; write a whole number from 1 to 1000000",
      "waf.excludedRules[1]: 0.5 is out of range; write a whole number from 1 to 9999999",
      "waf.bodyLimit: 1 is out of range; write a whole number from 65536 to 33554432",
    ],
  );
});
