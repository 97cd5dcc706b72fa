import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { until } from "../../../tools/shell";
import { fill } from "../../support/accessGrid";
import { accessStand, passwordOf, type Stand, type StandSettings } from "../../support/accessStand";

const everything = { repositories: ["**"], users: ["alice"], actions: Object.values(AccessAction) };
const forAll = { repositories: ["public/*"], anonymous: true, actions: [AccessAction.Pull] };
const settings: StandSettings = { users: [{ name: "alice" }, { name: "bob" }], access: [everything, forAll] };
const alice = `alice:${passwordOf("alice")}`;
const [team, open] = ["/v2/team/app/tags/list", "/v2/public/app/tags/list"];

describe("anonymous pull", () => {
  let stand: Stand;

  before(async () => {
    stand = await accessStand("tokens", 18713, settings);
    await fill(stand, alice, ["team/app", "public/app"]);
  });

  after(() => stand?.remove());

  const tokenFor = async (user?: string) => {
    const { status, body } = await stand.ask("/_token?service=registry.test&scope=repository:a/b:pull", {
      user,
    });
    assert.equal(status, 200, body);
    return JSON.parse(body);
  };
  const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
  const statusWith = async (token: string, path = team) => (await stand.ask(path, bearing(token))).status;

  it("is offered by a token at the ping alone, and everything else asks for a password", async () => {
    const ping = await stand.ask("/v2/");
    assert.equal(ping.status, 401);
    assert.equal(
      ping.headers["www-authenticate"],
      'Bearer realm="https://registry.test/_token",service="registry.test"',
    );
    for (const path of [team, "/v2/_catalog", "/v2/team/app/blobs/uploads/x", "/v2/x"]) {
      const { status, headers } = await stand.ask(path);
      assert.deepEqual([status, headers["www-authenticate"]], [401, 'Basic realm="Private Registry"'], path);
    }
    for (const path of [open, "/v2/public/app/manifests/1"])
      assert.notEqual((await stand.ask(path)).status, 401, path);
    assert.equal((await stand.ask("/v2/", { user: alice })).status, 200);
    const wrong = await stand.ask("/v2/", { user: "alice:wrong" });
    assert.deepEqual([wrong.status, /^B/.test(String(wrong.headers["www-authenticate"]))], [401, true]);
  });

  it("names the registry as clients call it, and by its first name for any other", async () => {
    const { headers } = await stand
      .ask("/v2/", { headers: { Host: 'evil",x="' } })
      .catch(() => ({ headers: {} }));
    const challenge = Object.entries(headers).find(([name]) => name === "www-authenticate")?.[1];
    if (challenge !== undefined) assert.match(String(challenge), /realm="https:\/\/registry\.test\/_token"/);
    const other = await stand.ask("/v2/", { headers: { Host: "other.test" } });
    assert.match(String(other.headers["www-authenticate"]), /realm="https:\/\/registry\.test\/_token"/);
  });

  it("gives tokens to GET alone, for whatever arguments clients send", async () => {
    const keys =
      "service=a&scope=repository:a/b:pull&scope=repository%3Ac%3Apush&account=x&client_id=y&offline_token=true";
    assert.equal((await stand.ask(`/_token?${keys}`)).status, 200);
    for (const method of ["POST", "PUT", "HEAD", "DELETE"]) {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const body = method === "HEAD" ? undefined : "grant_type=password&username=alice&password=x";
      const { status } = await stand.ask("/_token", { method, headers, body });
      assert.equal(status, 405, method);
    }
    const token = await tokenFor(alice);
    assert.equal(token.token, token.access_token);
    assert.equal(token.expires_in, 3600);
    assert.ok(Math.abs(Date.parse(token.issued_at) - Date.now()) < 60_000);
    assert.equal((await stand.ask("/_token", { user: "alice:wrong" })).status, 401);
    assert.equal((await stand.ask("/_token", { user: "mallory:x" })).status, 401);
    assert.equal((await stand.ask("/_token", bearing(token.token))).status, 401, "no token for a token");
  });

  it("takes no token of which anything was changed", async () => {
    const { token } = await tokenFor(alice);
    assert.equal(await statusWith(token), 200);
    const [user, end, signature] = token.split(".");
    const bob = Buffer.from("bob").toString("base64url");
    for (const changed of [
      `${bob}.${end}.${signature}`,
      `${user}.${Number(end) + 9}.${signature}`,
      `${token}x`,
      token.slice(0, -1),
      `.${end}.${signature}`,
    ])
      assert.equal(await statusWith(changed), 401, changed);
  });

  it("is in the log under the name of the token's user, as a password is", async () => {
    const { token } = await tokenFor(alice);
    await stand.ask("/v2/team/app/tags/list?n=101", bearing(token));
    await stand.ask("/v2/team/app/tags/list?n=102", { user: alice });
    await stand.ask("/v2/public/app/tags/list?n=103");
    const lines = async () => [...(await stand.log()).matchAll(/^\S+ (\S+) .*n=(10[123]) .* 200 /gm)];
    await until("the log has all of them", async () => (await lines()).length === 3);
    assert.deepEqual((await lines()).map(([, user, n]) => [n, user]).sort(), [
      ["101", "alice"],
      ["102", "alice"],
      ["103", "-"],
    ]);
  });

  it("lets a token live through a restart of the proxy in the middle of a push", async () => {
    const { token } = await tokenFor(alice);
    const start = await stand.ask("/v2/team/app/blobs/uploads/", { method: "POST", ...bearing(token) });
    assert.equal(start.status, 202);
    const patch = {
      method: "PATCH",
      headers: { ...bearing(token).headers, "Content-Type": "application/octet-stream" },
    };
    const one = await stand.ask(String(start.headers.location), { ...patch, body: "one" });
    assert.equal(one.status, 202);
    await stand.restart();
    const two = await stand.ask(String(one.headers.location), { ...patch, body: "two" });
    assert.equal(two.status, 202);
  });

  it("ends tokens of whoever is gone, has another password, or whose login is over", async () => {
    const { token } = await tokenFor(alice);
    const changes: readonly (readonly [number, StandSettings["users"]])[] = [
      [401, [{ name: "bob" }]],
      [401, [{ name: "alice", password: "another" }, { name: "bob" }]],
      [403, [{ name: "alice", expires: "2020-01-01" }, { name: "bob" }]],
      [200, settings.users],
    ];
    for (const [status, users] of changes) {
      await stand.use({ ...settings, users });
      assert.equal(await statusWith(token), status);
    }
  });

  it("tells a login that is over of it where clients show it: at the login, and at what they pull and push", async () => {
    await stand.use({ ...settings, users: [{ name: "alice", expires: "2020-01-01" }, { name: "bob" }] });
    const { token } = await tokenFor(alice);
    const asked = [
      await stand.ask("/_token?account=alice&service=registry.test", { user: alice }),
      ...(await Promise.all(["/v2/", team, open].map((path) => stand.ask(path, bearing(token))))),
    ];
    for (const { status, body } of asked) {
      assert.equal(status, 403);
      assert.match(body, /the login of alice expired on 2020-01-01/);
    }
    await stand.use(settings);
  });

  it("ends when its last rule goes: nobody is offered a token, and those of users go on", async () => {
    const { token } = await tokenFor(alice);
    const { token: nobodys } = await tokenFor();
    assert.equal(await statusWith(nobodys, open), 200);
    await stand.use({ ...settings, access: [everything, { ...forAll, anonymous: false, users: ["bob"] }] });
    assert.equal((await stand.ask("/v2/")).headers["www-authenticate"], 'Basic realm="Private Registry"');
    assert.equal((await stand.ask(open)).status, 401);
    assert.equal((await stand.ask("/_token")).status, 401);
    assert.equal(await statusWith(token), 200);
    assert.equal(await statusWith(nobodys, open), 401);
    await stand.use(settings);
  });

  it("gives one address so many tokens, and counts wrong passwords as logins", async () => {
    await stand.use({ ...settings, limits: { loginsPerSecond: 1, loginBurst: 3 } });
    const flood = async (user?: string) =>
      (
        await Promise.all(
          Array.from({ length: 12 }, (_, n) => stand.ask("/_token", { user: user && `${user}${n}` })),
        )
      ).map(({ status }) => status);
    assert.deepEqual([...new Set(await flood())].sort(), [200, 429]);
    assert.deepEqual([...new Set(await flood("alice:wrong"))].sort(), [401, 429]);
    assert.equal((await stand.ask(team, { user: alice })).status, 200);
    await stand.use(settings);
  });
});
