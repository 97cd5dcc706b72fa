import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { resolvedRequestLimits } from "../../../components/proxy/defaults";
import { resolvedWaf } from "../../../components/proxy/waf/defaults";
import { output } from "../../../tools/shell";
import { type BareProxy, startBareProxy } from "../../support/bareProxy";
import type { Answer, RequestOptions } from "../../support/client";
import { requestText, waiting, writeAnswer } from "../../support/fakeKeeper";
import { digest, nobodys, refused, strange } from "../../support/keeperAttacks";

const logins = { alice: "alice's own", "build.bot@example": "bob's" };
const alice = "alice:alice's own";
const bob = "build.bot@example:bob's";
const json = { "Content-Type": "application/json" };
const isId = /^[0-9a-f]{32}$/;

const verbs = ["list", "tags", "show", "delete", "restore", "retention", "collect", "report", "verify"];

for (const [front, port] of [
  ["nginx", 18640],
  ["waf", 18642],
] as const)
  describe(`a request for the keeper at the front ${front}`, () => {
    let proxy: BareProxy;
    let control: string;

    before(async () => {
      const firewall = front === "waf" ? { waf: resolvedWaf() } : {};
      proxy = await startBareProxy(`control-${front}`, port, logins, firewall);
      control = proxy.controlFolder;
    });
    after(() => proxy?.remove());
    beforeEach(() => {
      for (const folder of ["requests", "answers"])
        rmSync(join(control, folder), { recursive: true, force: true });
    });

    const ask = (path: string, options: RequestOptions = {}): Promise<Answer> =>
      proxy.client.ask(path, { user: alice, ...options });
    const order = (verb = "list", body = "{}", options: RequestOptions = {}) =>
      ask(`/_keeper/${verb}`, { method: "POST", headers: json, body, ...options });
    const ordered = async (user = alice) => {
      const { status, body } = await order("list", "{}", { user });
      assert.equal(status, 202);
      return body.trim();
    };
    const told = (id: string, options: RequestOptions = {}) => ask(`/_keeper/answers/${id}`, options);
    const errorOf = ({ body }: Answer) => JSON.parse(body).errors[0];

    it("becomes a file of exactly what was asked and who asked, for each verb", async () => {
      const given = { repository: "etc/passwd", tag: "web.config", digest, flags: ["json", "dry-run"] };
      for (const verb of verbs) {
        const { status, body, headers } = await order(verb, JSON.stringify(given), { user: bob });
        assert.equal(status, 202, verb);
        assert.equal(headers["cache-control"], "no-store");
        const id = body.trim();
        assert.match(id, isId);
        assert.equal(requestText(control, id), JSON.stringify({ verb, user: "build.bot@example", ...given }));
        assert.equal(statSync(join(control, "requests", id)).mode & 0o777, 0o600);
      }
      assert.equal(waiting(control).length, verbs.length, "and nothing lies beside them");
    });

    it("may name nothing: it then has no flags", async () => {
      const id = await ordered();
      assert.equal(requestText(control, id), '{"verb":"list","user":"alice","flags":[]}');
    });

    for (const [title, body] of Object.entries(refused))
      it(`is refused with ${title}, and nothing is written`, async () => {
        const answer = await order("delete", body);
        // The firewall refuses some of them before that.
        assert.ok([400, ...(front === "waf" ? [403] : [])].includes(answer.status), `${answer.status}`);
        if (front === "nginx") assert.match(errorOf(answer).message, /^\w.{10,}$/);
        assert.deepEqual(waiting(control), []);
      });

    it("is refused with more than 4 KB, by its length or piece by piece", async () => {
      const long = JSON.stringify({ repository: "team/app" }).padEnd(5000);
      for (const headers of [json, { ...json, "Transfer-Encoding": "chunked" }]) {
        const answer = await order("list", long, { headers });
        assert.equal(answer.status, 413);
        assert.equal(errorOf(answer).code, "SIZE_INVALID");
      }
      assert.deepEqual(waiting(control), []);
    });

    it("is refused as a form, as text and without a type: no web page can send it", async () => {
      for (const type of ["application/x-www-form-urlencoded", "text/plain", "application/jsonp", ""]) {
        const headers: { [name: string]: string } = type === "" ? {} : { "Content-Type": type };
        assert.equal((await order("list", "{}", { headers })).status, 400, type);
      }
      assert.deepEqual(waiting(control), []);
      const headers = { "Content-Type": "application/json; charset=utf-8" };
      assert.equal((await order("list", "{}", { headers })).status, 202);
    });

    it("leads nowhere by a strange spelling or an unknown verb", async () => {
      for (const path of [...strange, "/_keeper/purge", "/_keeper/constructor"])
        for (const method of ["GET", "POST"]) {
          const { status } = await ask(path, {
            method,
            headers: json,
            body: method === "POST" ? "{}" : undefined,
          });
          // The firewall sees a climb out of the folder in some.
          const none = front === "waf" ? [400, 403, 404] : [400, 404];
          assert.ok(none.includes(status), `${method} ${path}: ${status}`);
        }
      assert.deepEqual(waiting(control), []);
    });

    it("is 405 by another method, with the one that there is", async () => {
      const id = await ordered();
      // The firewall lets none of the others pass.
      const others = front === "waf" ? [] : ["OPTIONS", "PROPFIND"];
      for (const [path, allowed, methods] of [
        ["/_keeper/list", "POST", ["GET", "HEAD", "PUT", "DELETE", ...others]],
        [`/_keeper/answers/${id}`, "GET", ["HEAD", "POST", "PUT", "DELETE", ...others]],
      ] as const)
        for (const method of methods) {
          const { status, headers } = await ask(path, { method, headers: json });
          assert.deepEqual([status, headers.allow], [405, allowed], `${method} ${path}`);
        }
    });

    it("is 401 without a login and with a wrong one, whatever it asks for", async () => {
      const id = await ordered();
      for (const path of [
        "/_keeper/list",
        "/_keeper/none",
        `/_keeper/answers/${id}`,
        `/_keeper/answers/${nobodys}`,
      ])
        for (const method of ["GET", "POST", "PUT"])
          for (const user of [undefined, "alice:wrong", "nobody:x"]) {
            const { status, headers } = await ask(path, { method, user, headers: json, body: "{}" });
            assert.equal(status, 401, `${method} ${path}`);
            assert.equal(headers["www-authenticate"], 'Basic realm="Private Registry"');
          }
      assert.deepEqual(waiting(control), [id]);
    });

    it("is answered with how far it is, and then by text or JSON, with the status of the command", async () => {
      const id = await ordered();
      assert.deepEqual([(await told(id)).status, (await told(id)).body], [202, "waiting for the keeper\n"]);
      writeAnswer(control, id, { owner: "alice" });
      assert.deepEqual([(await told(id)).status, (await told(id)).body], [202, "under way\n"]);
      writeAnswer(control, id, { progress: "2 of 3\n" });
      assert.deepEqual([(await told(id)).status, (await told(id)).body], [202, "2 of 3\n"]);
      rmSync(join(control, "requests", id));
      writeAnswer(control, id, { text: "a\tb ü\n", json: '{"a":"b"}\n' });
      for (const [status, code] of [
        ["0", 200],
        ["1", 422],
      ] as const) {
        writeAnswer(control, id, { status });
        const text = await told(id);
        assert.deepEqual([text.status, text.body], [code, "a\tb ü\n"]);
        assert.equal(text.headers["content-type"], "text/plain; charset=utf-8");
        const object = await told(id, { headers: { Accept: "application/json" } });
        assert.deepEqual([object.status, object.body], [code, '{"a":"b"}\n']);
        assert.equal(object.headers["content-type"], "application/json");
        for (const { headers } of [text, object]) {
          assert.equal(headers["x-content-type-options"], "nosniff");
          assert.equal(headers["cache-control"], "no-store");
          assert.deepEqual([headers.etag, headers["last-modified"]], [undefined, undefined]);
        }
      }
    });

    it("is told of to nobody but who asked, while it waits and when it is answered", async () => {
      const id = await ordered();
      const foreign = async () => {
        const answers = [await told(id, { user: bob }), await told(nobodys, { user: bob })];
        assert.deepEqual(
          answers.map(({ status }) => status),
          [404, 404],
        );
        assert.equal(answers[0]?.body, answers[1]?.body, "no word of it");
      };
      await foreign();
      writeAnswer(control, id, { owner: "alice", progress: "x" });
      await foreign();
      writeAnswer(control, id, { text: "secret", json: "{}", status: "0" });
      await foreign();
      assert.equal((await told(id)).status, 200);
    });

    it("is 429 when 32 wait, also of 60 at once, and taken again when one was", async () => {
      const answers = await Promise.all(Array.from({ length: 60 }, () => order()));
      const count = (status: number) => answers.filter((answer) => answer.status === status).length;
      assert.equal(count(202) + count(429), 60);
      assert.ok(count(202) <= 32 && count(202) > 0, `${count(202)}`);
      while (waiting(control).length < 32) await ordered();
      const late = await order();
      assert.equal(late.status, 429);
      assert.match(errorOf(late).message, /^32 requests wait/);
      assert.ok(Number(late.headers["retry-after"]) > 0);
      assert.equal(waiting(control).length, 32, "nothing is left of those that were refused");
      rmSync(join(control, "requests", waiting(control)[0] ?? ""));
      await ordered();
    });

    it("is 503 after a minute that nobody took it, unless the keeper works for others, and still waits", async () => {
      const id = await ordered();
      const seconds = (path: string, age: number) =>
        utimesSync(join(control, path), Date.now() / 1000, Date.now() / 1000 - age);
      seconds(`requests/${id}`, 50);
      assert.equal((await told(id)).status, 202);
      seconds(`requests/${id}`, 70);
      const dead = await told(id);
      assert.equal(dead.status, 503);
      assert.match(errorOf(dead).message, /the keeper does not answer.*npm run status/);
      assert.deepEqual(waiting(control), [id]);
      writeAnswer(control, nobodys, { owner: "alice", progress: "x" });
      assert.equal((await told(id)).status, 202);
      for (const name of ["owner", "progress"]) seconds(`answers/${nobodys}/${name}`, 3600);
      assert.equal((await told(id)).status, 503);
    });

    it("is 503 where it cannot be written, and leaves nothing behind", async () => {
      await ordered();
      chmodSync(join(control, "requests"), 0o500);
      const answer = await order();
      assert.equal(answer.status, 503);
      assert.equal(errorOf(answer).code, "UNAVAILABLE");
      chmodSync(join(control, "requests"), 0o700);
      assert.equal(waiting(control).length, 1);
    });

    it("gets a large answer whole, and the proxy takes no memory for it", async () => {
      const id = await ordered();
      const large = randomBytes(10_000_000).toString("hex");
      await told(id);
      const before = await mostMemory();
      writeAnswer(control, id, { owner: "alice", text: large, json: "{}", status: "1" });
      const { status, body } = await told(id);
      assert.equal(status, 422);
      assert.ok(body === large, "20 MB as they are");
      const more = (await mostMemory()) - before;
      assert.ok(more < 4000, `${more} kB`);
    });

    /** The most memory that the processes of the proxy have had, in kB. */
    async function mostMemory(): Promise<number> {
      const pids = (await output(["docker", "top", proxy.containerName, "-eo", "pid"])).split("\n").slice(1);
      const most = (pid: string) =>
        Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid.trim()}/status`, "utf8"))?.[1]);
      return pids.map(most).reduce((a, b) => a + b, 0);
    }
  });

describe("the limits of one client", () => {
  let proxy: BareProxy;
  before(async () => {
    const limits = resolvedRequestLimits({ requestsPerSecond: 5, requestBurst: 5 });
    proxy = await startBareProxy("control-limits", 18644, logins, { limits });
  });
  after(() => proxy?.remove());

  it("hold for requests for the keeper as for all others", async () => {
    const one = () =>
      proxy.client.ask("/_keeper/list", { user: alice, method: "POST", headers: json, body: "{}" });
    const answers = await Promise.all(Array.from({ length: 25 }, one));
    const statuses = new Set(answers.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [202, 429]);
    assert.ok(readdirSync(join(proxy.controlFolder, "requests")).length < 15);
  });
});
