import assert from "node:assert/strict";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../tools/shell";
import { type KeeperLoop, keeperLoop, requestId, shells } from "../../support/keeperLoop";

const noon = 1_800_000_000;
const day = 86_400;
const [first, second] = [requestId("a1"), requestId("b2")];

for (const shell of shells) {
  describe(`the loop of the keeper in ${shell}`, () => {
    let loop: KeeperLoop;
    beforeEach(() => {
      loop = keeperLoop(shell);
      loop.clock(noon, "12:00:00");
    });
    afterEach(async () => {
      await loop.end();
      loop.remove();
    });

    const ask = (id: string, request: object | string) => {
      const text = typeof request === "string" ? request : JSON.stringify(request);
      loop.write(`control/requests/.${id}`, text);
      renameSync(loop.at("control/requests", `.${id}`), loop.at("control/requests", id));
    };
    /** Shell lines that wait for a file, and not for longer than the test. */
    const waits = (name: string) =>
      `until [ -e ${loop.at(name)} ] || [ ! -e ${loop.at("jobs")} ]; do command sleep 0.05; done`;
    const called = (pattern: RegExp) => loop.calls().filter((call) => pattern.test(call));
    const seen = (what: string, pattern: RegExp, times = 1) =>
      until(what, async () => called(pattern).length >= times);
    /** Starts the loop, until the jobs of the first hour are done: one of them holds the lock. */
    const startQuietly = async () => {
      loop.start();
      await seen("the first hour's jobs", /^one quarantine$/);
    };
    const answered = (id: string) =>
      until(`${id} is answered`, async () => existsSync(loop.at("control/answers", id, "status")));
    /** Until the loop has looked at the clock twice. */
    const twoLooks = () => loop.rounds(61);

    test("hands each request to the program, under the lock where it changes data or looks odd", async () => {
      const texts = [
        '{"verb":"list","user":"alice"}',
        '{"verb":"delete","user":"alice"}',
        '{"verb":"list","verb":"delete"}',
        '{"v\\u0065rb":"delete","x":{"verb":"list"}}',
        '{ "verb" : "list" }',
      ];
      await startQuietly();
      for (const [index, text] of texts.entries()) {
        // One after the other: each would find the lock of another taken.
        ask(requestId(`c${index}`), text);
        await answered(requestId(`c${index}`));
      }
      assert.deepEqual(
        called(/request/),
        texts.map((_, index) => `one request ${requestId(`c${index}`)}${index === 0 ? "" : " locked"}`),
      );
    });

    test("leaves alone what has no name of a request", async () => {
      for (const name of ["short", `${first.slice(1)}x`, `${first}0`, first.replace("a", "A")])
        loop.write(`control/requests/${name}`, '{"verb":"list"}');
      loop.write(`control/requests/.${first}`, '{"verb":"list"}');
      await startQuietly();
      ask(second, { verb: "list" });
      await answered(second);
      assert.deepEqual(called(/request/), [`one request ${second}`]);
    });

    test("answers for a program that dies, and goes on", async () => {
      loop.job("request", `[ "$2" != ${first} ] || { echo "cannot read the disk \\"x\\"" >&2; exit 3; }`);
      ask(first, { verb: "list", user: "alice" });
      loop.start();
      await answered(first);
      assert.equal(loop.read(`control/answers/${first}/text`), "cannot read the disk x\n");
      assert.deepEqual(JSON.parse(loop.read(`control/answers/${first}/json`)), {
        error: "cannot read the disk x",
      });
      assert.equal(loop.read(`control/answers/${first}/status`), "1\n");
      assert.equal(loop.read(`control/answers/${first}/owner`), "alice");
      await until("it is gone", async () => !existsSync(loop.at("control/requests", first)));
      loop.job("request", `[ "$2" != ${second} ] || kill -9 $$`);
      ask(second, { verb: "delete" });
      await answered(second);
      assert.match(loop.read(`control/answers/${second}/text`), /its log may say why/);
    });

    test("runs three requests at once, and a fourth when one of them has ended", async () => {
      loop.job("request", `[ "$2" = ${first} ] || ${waits("go")}`);
      for (const digit of ["d1", "d2", "d3", "d4"]) ask(requestId(digit), { verb: "verify" });
      loop.start();
      await seen("three are under way", /request/, 3);
      await sleep(500);
      assert.equal(called(/request/).length, 3);
      loop.write("go", "");
      await answered(requestId("d4"));
    });

    test("collects for who asked, step by step, and says when it waits", async () => {
      loop.job("request", "exit 10");
      loop.job("mark", "mkdir -p answers/$2");
      await startQuietly();
      ask(first, { verb: "collect" });
      await seen("the end", / finish /);
      assert.deepEqual(called(/request|mark|take|look|sleep|finish/), [
        `one request ${first}`,
        `one mark ${first}`,
        `one take-links ${first} locked`,
        "sleep 900",
        `one look ${first} locked`,
        `one take-blobs ${first} locked`,
        "sleep 900",
        `one look ${first} locked`,
        `one finish ${first} locked`,
      ]);
      assert.match(loop.read(`control/answers/${first}/progress`), /^waiting 900 s/);
      await until("the request is gone", async () => !existsSync(loop.at("control/requests", first)));
    });

    test("collects once at a time, and a collection ends with the files that it began with", async () => {
      loop.job("request", "exit 10");
      loop.job("mark", `mkdir -p answers/$2; ${waits("go")}`);
      ask(first, { verb: "collect" });
      loop.start();
      await seen("the mark", / mark /);
      mkdirSync(loop.at("files/two"));
      loop.write("files/two/schedule", loop.read("files/one/schedule"));
      rmSync(loop.at("files/current"));
      symlinkSync("two", loop.at("files/current"));
      ask(second, { verb: "collect" });
      await answered(second);
      assert.match(loop.read(`control/answers/${second}/text`), /^a collection or a backup is under way/);
      assert.deepEqual(called(new RegExp(`request ${second}`)), [`two request ${second}`]);
      loop.write("go", "");
      await seen("the end", / finish /);
      assert.deepEqual(called(/^two (mark|take|look|finish)/), []);
    });

    test("gives back at once what a step that failed has taken, and says why", async () => {
      loop.job("request", "exit 10");
      loop.job("mark", "mkdir -p answers/$2");
      loop.job("take-blobs", 'echo "no space left on device" >&2; exit 1');
      ask(first, { verb: "collect" });
      loop.start();
      await answered(first);
      assert.equal(loop.read(`control/answers/${first}/text`), "no space left on device\n");
      assert.deepEqual(called(/take-blobs|look|finish/), [
        `one look ${first} locked`,
        `one take-blobs ${first} locked`,
        `one look ${first} locked`,
      ]);
    });

    test("makes an index at its start and each hour", async () => {
      loop.start();
      await seen("the first", /^one index locked$/);
      await seen("old answers are removed", /^one tidy$/);
      loop.clock(noon + 3599, "12:59:59");
      await twoLooks();
      assert.equal(called(/index/).length, 1);
      loop.clock(noon + 3600, "13:00:00");
      await seen("the second", /^one index locked$/, 2);
    });

    test("looks once, at its start, for what a collection that was cut short has taken", async () => {
      await startQuietly();
      assert.deepEqual(called(/recover/), ["one recover locked"]);
      loop.clock(noon + 3600, "13:00:00");
      await seen("the next hour's index", /index/, 2);
      await twoLooks();
      assert.equal(called(/recover/).length, 1);
      await loop.kill();
      loop.start();
      await seen("the next start's", /recover/, 2);
    });

    test("waits for its time of day, then runs retention and a collection, once", async () => {
      loop.start();
      await seen("the first look at the clock", /index/);
      loop.clock(noon + 15.5 * 3600 - 1, "03:29:59");
      await twoLooks();
      assert.deepEqual(called(/retention|mark/), []);
      loop.clock(noon + 15.5 * 3600, "03:30:00");
      await seen("the end", /finish/);
      assert.deepEqual(called(/retention|mark|take|look|finish/), [
        "one retention locked",
        "one mark",
        "one take-links locked",
        "one look locked",
        "one take-blobs locked",
        "one look locked",
        "one finish locked",
      ]);
      for (const [seconds, local] of [
        [20, "03:30:20"],
        [59, "03:30:59"],
        [20 * 3600, "23:30:00"],
      ] as const) {
        loop.clock(noon + 15.5 * 3600 + seconds, local);
        await twoLooks();
      }
      assert.equal(called(/retention/).length, 1);
      loop.clock(noon + 39.5 * 3600, "03:30:00");
      await seen("the next day's", /retention/, 2);
    });

    test("catches up after it was away, but not for what is past at its first start", async () => {
      loop.write("control/state/collected", `${noon - 2 * day}\n`);
      loop.start();
      await seen("the missed one", /finish/);
      await until("it is noted", async () => loop.read("control/state/collected") === `${noon}\n`);
      assert.equal(called(/retention/).length, 1);
    });

    test("reads a share of all blobs after the daily run, without its lock, and keeps nobody waiting", async () => {
      loop.write("control/state/collected", `${noon - 2 * day}\n`);
      loop.job("scrub", waits("go"));
      loop.start();
      await seen("it reads", /^one scrub$/);
      const calls = loop.calls();
      assert.ok(calls.indexOf("one finish locked") < calls.indexOf("one scrub"), calls.join());
      assert.equal(loop.read("control/state/collected"), `${noon}\n`);
      ask(first, { verb: "collect" });
      loop.job("request", "exit 10");
      await seen("a collection goes on beside it", /finish/, 2);
      loop.clock(noon + 15.5 * 3600, "03:30:00");
      await seen("and so does the next daily one", /finish/, 3);
      assert.equal(called(/scrub/).length, 1);
      loop.write("go", "");
      await seen("its next share", /scrub/, 2);
    });

    test("begins anew if it was killed in the middle", async () => {
      loop.write("control/state/collected", `${noon - 2 * day}\n`);
      loop.job("mark", "command sleep 1");
      loop.start();
      await seen("the mark", /mark/);
      await loop.kill();
      loop.job("mark", "");
      loop.start();
      await seen("the end of the second", /finish/);
      assert.equal(called(/mark/).length, 2);
    });

    test("takes a clock that was set back for no reason to run, and runs at the next time", async () => {
      loop.write("control/state/collected", `${noon + 400 * day}\n`);
      loop.start();
      await seen("an index", /index/);
      await twoLooks();
      assert.deepEqual(called(/retention/), []);
      assert.equal(loop.read("control/state/collected"), `${noon}\n`);
      loop.clock(noon + 15.5 * 3600, "03:30:00");
      await seen("the next one", /finish/);
    });

    test("reads noise in its notes as nothing", async () => {
      loop.write("control/state/collected", "x; exit 1\n");
      loop.start();
      await seen("an index", /index/);
      await until("it is noted", async () => loop.read("control/state/collected") === `${noon}\n`);
    });

    test("runs a collection though retention failed, and is unhealthy until that succeeds", async () => {
      loop.write("control/state/collected", `${noon - 2 * day}\n`);
      loop.job("retention", 'echo "the rule takes more than half of team/app" >&2; exit 1');
      loop.start();
      await seen("the end", /finish/);
      await until("it is told", async () => (await loop.health()).status === 1);
      assert.equal(
        (await loop.health()).stdout,
        "retention failed: the rule takes more than half of team/app\n",
      );
      loop.job("retention", "");
      loop.clock(noon + 15.5 * 3600, "03:30:00");
      await seen("the next one", /finish/, 2);
      assert.deepEqual(await loop.health(), { status: 0, stdout: "\n", stderr: "" });
    });

    test("goes on where it cannot write to the disk, and says so", async () => {
      writeFileSync(loop.at("data/.trash"), "in the way of the folder");
      loop.write("control/state/collected", `${noon - 2 * day}\n`);
      loop.start();
      await until("it is told", async () => /lock failed: /.test((await loop.health()).stdout));
      ask(first, { verb: "list" });
      await answered(first);
      ask(second, { verb: "delete" });
      await answered(second);
      assert.equal(loop.read(`control/answers/${second}/status`), "1\n");
    });

    test("ends at once when told to", async () => {
      const child = loop.start();
      await seen("an index", /index/);
      const ended = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
      const before = Date.now();
      child.kill("SIGTERM");
      assert.equal(await ended, 0);
      assert.ok(Date.now() - before < 5000, "half of what Docker waits");
    });

    test("does not start where the images are not in their place", async () => {
      rmSync(loop.at("data/.private-registry-data"));
      const child = loop.start();
      assert.equal(await new Promise((resolve) => child.on("exit", (code) => resolve(code))), 1);
      assert.match((await loop.health()).stderr, /the images are not in their place/);
    });

    test("is unhealthy when it stands still, and for a problem that the program has noted", async () => {
      loop.start();
      await until("it runs", async () => (await loop.health()).status === 0);
      const status = {
        runs: { index: { ok: true, problem: "of one run" } },
        problem: "a tag points to nothing",
      };
      loop.write("control/state/status.json", `${JSON.stringify(status, null, 2)}\n`);
      assert.deepEqual(await loop.health(), { status: 1, stdout: "a tag points to nothing\n", stderr: "" });
      await loop.end();
      utimesSync(loop.at("tmp/heartbeat"), new Date(Date.now() - 130_000), new Date(Date.now() - 130_000));
      assert.deepEqual(await loop.health(), {
        status: 1,
        stdout: "the loop of the keeper stands still\n",
        stderr: "",
      });
    });
  });
}
