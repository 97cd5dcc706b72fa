import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { addUpScript } from "../../../components/proxy/proxyScripts";
import { LogFormat } from "../../../components/registry/args";
import { output, until } from "../../../tools/shell";
import { accessStand, passwordOf, type Stand } from "../../support/accessStand";
import type { RequestOptions } from "../../support/client";
import { countersOf, figuresIn, type LogLine, logLines } from "../../support/watchedStack";

const settings = {
  users: [{ name: "alice" }, { name: "reader" }],
  log: { format: LogFormat.Json, auditDays: 1 },
  metrics: { users: ["reader"], allowedAddresses: [] },
};
const access = [
  { repositories: ["team/*"], users: ["alice"], actions: [AccessAction.Push] },
  { repositories: ["open/*"], anonymous: true, actions: [AccessAction.Pull] },
];
const [alice, reader] = ["alice", "reader"].map((name) => `${name}:${passwordOf(name)}`);
const long = (text: string) => text.repeat(Math.ceil(7900 / text.length)).slice(0, 7900);
const isOver = (line: LogLine) => line.path === "/v2/over";

for (const hasFirewall of [false, true])
  describe(`the log of a proxy with rules${hasFirewall ? " and a firewall" : ""}`, () => {
    let stand: Stand;

    before(async () => {
      stand = await accessStand(`watch-${hasFirewall}`, hasFirewall ? 18762 : 18763, {
        ...settings,
        access,
        hasFirewall,
      });
      await output(["docker", "exec", stand.proxy, "mkdir", "-p", "/tmp/control/audit"]);
    });
    after(() => stand?.remove());

    const ask = async (path: string, options: RequestOptions = {}) => (await stand.ask(path, options)).status;
    const audited = async (): Promise<LogLine[]> => {
      const text = await output(["docker", "exec", stand.proxy, "sh", "-c", "cat /tmp/control/audit/*"]);
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    };
    /** All lines so far, once the last of them is there. */
    const lines = async () => {
      await ask("/v2/over");
      await until("all is written", async () => (await logLines(stand.proxy)).some(isOver));
      return (await logLines(stand.proxy)).filter(({ path }) => !path.startsWith("/of-the-test"));
    };

    it("stays one line of JSON with whatever a client writes into agent and path", async () => {
      const head = (path: string, agent: string) =>
        `GET ${path} HTTP/1.1\r\nHost: registry.test\r\nUser-Agent: ${agent}\r\nConnection: close\r\n\r\n`;
      const odd = ['"', "\\", "\u0001\u001f\t", "\u00ff\u00c3(", '","user":"root', "\\u0000", "é", "\u007f"];
      for (const text of odd) {
        await stand.send(head("/v2/", `x${text}y`));
        await stand.send(head("/v2/", long(`x${text}y`)));
        await stand.send(head(`/${encodeURI(text)}`, "x"));
        await stand.send(head(`/${long(text)}`, "x"));
      }
      const found = await lines();
      assert.ok(found.length > 3 * odd.length, String(found.length));
      for (const line of found) {
        assert.ok(JSON.stringify(line).length < 4096);
        assert.notEqual(line.user, "root");
      }
    });

    it("has in its audit files who wrote, and whose login or wish was refused, and nobody else", async () => {
      const before = (await audited().catch(() => [])).length;
      assert.equal(await ask("/v2/team/a/manifests/1", { user: alice, method: "PUT", body: "{}" }), 400);
      assert.equal(await ask("/v2/other/a/blobs/uploads/", { user: alice, method: "POST" }), 403);
      assert.equal(await ask("/v2/team/a/manifests/1", { user: "alice:wrong", method: "PUT" }), 401);
      assert.equal(await ask("/v2/team/a/manifests/1", { method: "PUT" }), 401);
      assert.equal(await ask("/v2/team/a/manifests/1", { user: alice, method: "DELETE" }), 403);
      assert.equal(await ask("/v2/open/a/manifests/1"), 404);
      assert.equal(await ask("/v2/", { user: "my-password:" }), 401);
      assert.deepEqual(
        // Two workers may write at the same moment.
        (await audited())
          .slice(before)
          .map(({ action, user, login, status }) => [action, user, login, status].join(" "))
          .sort(),
        [
          "delete alice ok 403",
          "login  refused 401",
          "push alice ok 400",
          "push alice refused 401",
          "upload alice ok 403",
        ],
      );
    });

    it("notes sixty refusals in a minute, and counts them all", async () => {
      for (let time = 0; time < 80; time++) assert.equal(await ask("/v2/", { user: `alice:${time}` }), 401);
      const refusals = (await audited()).filter(({ status }) => status >= 400).length;
      // The minute may end meanwhile.
      assert.ok(refusals >= 60 && refusals <= 120, String(refusals));
    });

    it("counts each request once, over reloads, with what is added up between them", async () => {
      for (let time = 0; time < 3; time++) {
        assert.equal(await ask("/v2/", { user: alice }), 200);
        await stand.use({ ...settings, access, hasFirewall });
        await output(["docker", "exec", stand.proxy, "sh", "-c", addUpScript()]);
      }
      const found = await logLines(stand.proxy);
      await until("the lines are written", async () => (await logLines(stand.proxy)).length === found.length);
      await new Promise((done) => setTimeout(done, 1500));
      await output(["docker", "exec", stand.proxy, "sh", "-c", addUpScript()]);
      const expected = countersOf(await logLines(stand.proxy));
      const { status, body } = await stand.ask("/metrics", { user: reader });
      assert.equal(status, 200);
      const figures = figuresIn(body);
      for (const [key, value] of expected) assert.equal(figures.get(key), value, key);
      const pulled = [...figures].filter(([key]) => /requests_total/.test(key) && !/metrics/.test(key));
      assert.equal(pulled.length, [...expected].filter(([key]) => /requests_total/.test(key)).length);
    });

    it("shows its figures to whom they are for, and to addresses only where it is told so", async () => {
      assert.equal(await ask("/metrics", { user: alice }), 403);
      assert.equal(await ask("/metrics"), 401);
      assert.equal(await ask("/metrics", { user: reader, method: "POST" }), 405);
      const open = { ...settings.metrics, allowedAddresses: ["0.0.0.0/0"] };
      await stand.use({ ...settings, access, hasFirewall, metrics: open });
      assert.equal(await ask("/metrics"), 200);
      assert.equal(await ask("/_metrics"), 404);
    });

    it("has no password and no header of a login in it", async () => {
      const logs = `${await stand.log()}${JSON.stringify(await audited())}`;
      const secrets = ["my-password", "wrong", passwordOf("alice"), alice ?? "", "Basic ", "Bearer "];
      const basic = secrets.map((text) => Buffer.from(text).toString("base64").slice(0, 12));
      for (const secret of [...secrets, ...basic]) assert.ok(!logs.includes(secret), secret);
    });
  });
