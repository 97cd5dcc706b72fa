import assert from "node:assert/strict";
import { test } from "node:test";
import { accessTable } from "../../../components/access/accessTable";
import { AccessAction } from "../../../components/access/args";
import { questionTables } from "../../../components/proxy/nginx/accessDecisions";
import { firewall } from "../../../components/proxy/waf/firewall";
import { nginxMaps } from "../../support/nginxMaps";
import { block, directives, render, text } from "../../support/nginxText";

const logins = ["alice:hash", "bob:hash"];
const settings = {
  users: [{ name: "bob", groups: ["dev"], expires: "2027-01-31" }],
  logins,
  tokenKey: "key",
};
const rules = [
  { repositories: ["team/*", "app"], groups: ["dev"], actions: [AccessAction.Push] },
  { repositories: ["public/**"], anonymous: true, actions: [AccessAction.Pull] },
];
const table = accessTable({ ...settings, access: rules });
const closed = accessTable({ ...settings, access: rules.slice(0, 1) });
const access = { table, version: "0123", names: ["registry.test", "[::1]:8443"] };

test("users have the numbers of the rules that they can use, and what nobody needs a login for", () => {
  assert.deepEqual(table.rules, ["pull,push team/* app", "pull public/**"]);
  assert.equal(table.isOpen, true);
  const words = Object.entries(table.users).map(([user, rights]) => [user, ...rights.split(" ")]);
  assert.deepEqual(
    words.map(([user, day, , numbers]) => [user, day, numbers]),
    [
      ["", "-", "1"],
      ["alice", "-", "1"],
      ["bob", "2027-01-31", "0,1"],
    ],
  );
  assert.deepEqual(
    [closed.isOpen, closed.users[""], closed.users.alice?.split(" ")[2]],
    [false, "- nobody -", "-"],
  );
});

test("without rules every user may do everything, and nobody anything", () => {
  const { rules, users, isOpen } = accessTable(settings);
  assert.deepEqual([rules, isOpen, users[""]], [["pull,push,delete **"], false, "- nobody -"]);
  assert.match(users.alice ?? "", / 0$/);
});

test("a fingerprint changes with the password's hash and with the key, and has nothing of either", () => {
  const of = (change: object) =>
    accessTable({ ...settings, access: rules, ...change }).users.alice?.split(" ")[1];
  const prints = [of({}), of({ logins: ["alice:other"] }), of({ tokenKey: "other" })];
  assert.equal(new Set(prints).size, 3);
  for (const print of prints) assert.match(print ?? "", /^[0-9a-f]{32}$/);
});

test("users are looked up by their very names, though tables of nginx know no case", () => {
  const names = ["alice", "Bob", "bob", "default", "a.b", "aXb", "A.B"];
  const many = accessTable({
    users: [],
    logins: names.map((name) => `${name}:hash of ${name}`),
    tokenKey: "key",
  });
  const tables = nginxMaps(questionTables({ table: many, version: "0123" }));
  const rightsOf = (user: string) => tables.resolved("$user_rights", { $asking_user: user });
  for (const name of [...names, ""]) assert.equal(rightsOf(name), many.users[name], name);
  for (const name of ["BOB", "carol", "a-b", "bob\n", "=bob"]) assert.equal(rightsOf(name), "- - -", name);
  const config = render({ access });
  assert.ok(config.indexOf("map_hash_bucket_size") < config.indexOf("map "));
});

test("the ping asks for a token only where something needs no login, at a name that the registry has", () => {
  const open = render({ access });
  assert.match(
    block("map $http_authorization:$request_uri $challenge", open),
    /\(\?:basic og==\)\?:\/v2\/\(\?:\\\?\|\$\)" 'Bearer realm="https:\/\/\$served_name\/_token"/,
  );
  assert.match(
    block("map $http_host $served_name", open),
    /default registry\.test;\n +\[::1\]:8443 \[::1\]:8443;/,
  );
  assert.doesNotMatch(render({ access: { table: closed, version: "0123" } }), /Bearer realm/);
  assert.match(render({ access: { table: closed, version: "0123" } }), /default \$http_host;/);
});

test("whoever does not try to log in is turned away at once, unless something needs no login", () => {
  const early = /if \(\$http_authorization = ""\) \{\n +return 401;/;
  assert.match(block("location /v2/", render({ access: { table: closed, version: "0123" } })), early);
  assert.doesNotMatch(block("location /v2/", render({ access })), early);
});

test("every location asks the rules with the login, behind the firewall as well", () => {
  const waf = { rulesPath: "/etc/private-registry/0/waf.conf", bodyLimit: 65_536 };
  for (const config of [
    render({ access, dataPath: "/data", hasImmutableTags: true }),
    render({ access, waf, dataPath: "/data", hasImmutableTags: true }),
  ]) {
    const questions = directives("auth_request", config).filter((address) => address === "/_login");
    assert.ok(questions.length >= 6);
    assert.deepEqual(directives("js_header_filter", config), ["access.enforce"]);
  }
});

test("the firewall's own refusals keep their words", () => {
  const waf = { rulesPath: "/etc/private-registry/0/waf.conf", bodyLimit: 65_536 };
  const config = render({ access, waf });
  assert.ok(config.indexOf("error_page 403 @denied;") < config.indexOf("error_page 403 @forbidden;"));
  assert.ok(block("location @denied", config).includes(firewall(waf).forbidden));
});

test("a mount is passed on as the rules allow it, and as it comes where there are none", () => {
  const start = (config: string) => /\/blobs\/uploads\/\\\?" (\S+);/.exec(config)?.[1];
  assert.equal(start(render({ access })), "$allowed_mount$start_digest");
  assert.equal(start(text), "$start_mount$start_from$start_digest");
});

test("a limit of requests holds where tokens are asked for, too", () => {
  const config = render({ access, limits: { requestsPerSecond: 20 } });
  assert.deepEqual(directives("limit_req", block("location = /_token", config)), [
    "zone=requests burst=100",
    "zone=tokens burst=50",
  ]);
  assert.equal(config.split("location @too_many").length, 2);
  assert.equal(render({ access }).split("location @too_many").length, 2);
});
