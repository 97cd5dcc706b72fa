import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { type KeeperLoop, keeperLoop, scheduleWith, shells } from "../../support/keeperLoop";

const noon = 1_800_000_000;
const guard = {
  DISK_GUARD: "yes",
  REFUSE_AT: "90",
  REFUSE_BELOW_MIB: "2048",
  RESUME_AT: "85",
  COLLECT_AT_PERCENT: "80",
};

for (const shell of shells)
  describe(`the guard of the disk in ${shell}`, () => {
    let loop: KeeperLoop;
    beforeEach(() => {
      loop = keeperLoop(shell);
      loop.clock(noon, "12:00:00");
      loop.write("files/one/schedule", scheduleWith(guard));
    });
    afterEach(async () => {
      await loop.end();
      loop.remove();
    });

    const flag = "control/flags/disk";
    const raised = () => existsSync(loop.at(flag));
    const isRaised = (value: boolean) =>
      until(value ? "pushes are refused" : "pushes are taken", async () => raised() === value);
    const answer = () => JSON.parse(loop.read(flag)).errors;
    const called = (pattern: RegExp) => loop.calls().filter((call) => pattern.test(call));
    /** Until the loop has looked at the disk and at the clock. */
    const oneLook = () => loop.rounds(31);

    test("refuses from the one threshold on, until the disk is below the other", async () => {
      const cases: [usedPercent: number, isRefused: boolean][] = [
        [89, false],
        [90, true],
        [86, true],
        [85, false],
        [89, false],
        [100, true],
        [84, false],
      ];
      loop.disk({ blocks: 100_000, free: 100_000 });
      loop.start();
      await until("it has looked", async () => existsSync(loop.at("control/flags/spare")));
      for (const [percent, isRefused] of cases) {
        loop.disk({ blocks: 100_000, free: 1000 * (100 - percent) });
        await oneLook();
        assert.equal(raised(), isRefused, `${percent} %`);
        assert.equal(existsSync(loop.at("tmp/problems/disk")), isRefused);
      }
    });

    test("counts what is kept for root as used by nobody, as df does", async () => {
      loop.disk({ blocks: 100_000, free: 14_000, available: 9000 });
      loop.start();
      await isRaised(true);
      assert.match(answer()[0].message, /is 90 % full, with 9000 MiB free,/);
    });

    test("refuses with less than 2 GiB free, and goes on with a quarter more", async () => {
      loop.disk({ blocks: 10_240, free: 2047 });
      loop.start();
      await isRaised(true);
      loop.disk({ blocks: 10_240, free: 2500 });
      await oneLook();
      assert.ok(raised());
      loop.disk({ blocks: 10_240, free: 2561 });
      await isRaised(false);
    });

    test("takes a fifth of a small disk for enough", async () => {
      loop.disk({ blocks: 300, free: 61 });
      loop.start();
      await oneLook();
      assert.ok(!raised());
      loop.disk({ blocks: 300, free: 59 });
      await isRaised(true);
    });

    test("refuses where the disk can have no more files", async () => {
      loop.disk({ blocks: 100_000, free: 90_000, files: 1000, freeFiles: 50 });
      loop.start();
      await isRaised(true);
      assert.match(answer()[0].message, /^the disk of the registry is at 95 % of the files that it can have/);
    });

    test("answers as the API does, with the figure and what the program knows of the next space", async () => {
      loop.disk({ blocks: 100_000, free: 9500 });
      loop.job("outlook", 'echo "the next space can come at noon" > state/outlook');
      loop.start();
      await until("it knows when", async () => raised() && /noon/.test(loop.read(flag)));
      // What its health says is written after that.
      await until("its health can say so", async () => existsSync(loop.at("tmp/problems/disk")));
      const message =
        "the disk of the registry is 90 % full, with 9500 MiB free, and no push begins until there is room: the next space can come at noon";
      assert.deepEqual(answer(), [{ code: "DENIED", message }]);
      const { status, stdout } = await loop.health();
      assert.equal(status, 1);
      assert.equal(stdout.trim(), message.replace(/: .*/, ""));
      assert.equal(called(/^one outlook$/).length, 1);
    });

    test("writes what its health says beside it, so that no check finds half of it", async () => {
      const problem = loop.at("tmp/problems/disk");
      loop.disk({ blocks: 100_000, free: 9500 });
      loop.start();
      await until("its health can say so", async () => existsSync(problem));
      const found = openSync(problem, "r");
      const { ino } = statSync(problem);
      await until("it has said so again", async () => statSync(problem).ino !== ino);
      assert.match(readFileSync(found, "utf8"), /^the disk of the registry is 90 % full.*\n$/);
      closeSync(found);
    });

    test("tells by the time of its flag when it last looked, and its health that it stands still", async () => {
      loop.disk({ blocks: 1000, free: 1 });
      loop.start();
      await isRaised(true);
      utimesSync(loop.at(flag), 1, 1);
      await until("the flag is written again", async () => statSync(loop.at(flag)).mtimeMs > 1000);
      await loop.kill();
      utimesSync(loop.at("tmp/heartbeat"), 1, 1);
      const { status, stdout } = await loop.health();
      assert.deepEqual(
        [status, stdout.trim().split("\n")],
        [1, ["the loop of the keeper stands still", "no push begins, as it last found the disk full"]],
      );
      assert.ok(raised(), "and its flag stays");
    });

    test("takes its flags away where settings ask for it no more", async () => {
      loop.disk({ blocks: 1000, free: 1 });
      loop.write("control/flags/quota-0", "{}");
      loop.start();
      await isRaised(true);
      loop.write("files/one/schedule", scheduleWith());
      await isRaised(false);
      await oneLook();
      assert.deepEqual(readdirSync(loop.at("control/flags")), []);
    });

    test("says that the disk cannot be looked at, and goes on", async () => {
      loop.write("disk", "");
      loop.start();
      await until("it says so", async () => existsSync(loop.at("tmp/problems/disk")));
      assert.match((await loop.health()).stdout, /cannot be looked at/);
      loop.disk({ blocks: 1000, free: 900 });
      await until("it is well", async () => !existsSync(loop.at("tmp/problems/disk")));
    });

    test("collects each hour while pushes are refused, and gives its reserve and dead uploads to it", async () => {
      loop.disk({ blocks: 1000, free: 900 });
      loop.start();
      await until("there is a reserve", async () => existsSync(loop.at("data/.trash/reserve")));
      assert.ok(statSync(loop.at("data/.trash/reserve")).size === 10 * 1024 * 1024);
      await oneLook();
      assert.deepEqual(called(/mark|relief/), []);
      loop.disk({ blocks: 1000, free: 50 });
      await until("it collects", async () => called(/finish/).length === 1);
      assert.deepEqual(called(/retention|relief|mark|take|finish/), [
        "one relief locked",
        "one mark",
        "one take-links locked",
        "one take-blobs locked",
        "one finish locked",
      ]);
      assert.ok(!existsSync(loop.at("data/.trash/reserve")));
      loop.clock(noon + 3599, "12:59:59");
      await oneLook();
      assert.equal(called(/ mark/).length, 1);
      loop.clock(noon + 3600, "13:00:00");
      await until("it collects again", async () => called(/finish/).length === 2);
    });

    test("collects every six hours while the disk fills", async () => {
      loop.disk({ blocks: 100_000, free: 19_000 });
      loop.start();
      await until("it collects", async () => called(/finish/).length === 1);
      assert.deepEqual(called(/relief|retention/), []);
      loop.clock(noon + 5 * 3600, "17:00:00");
      await oneLook();
      assert.equal(called(/ mark/).length, 1);
      loop.clock(noon + 6 * 3600, "18:00:00");
      await until("it collects again", async () => called(/finish/).length === 2);
      assert.ok(!raised());
    });

    test("counts quotas each minute, where there are some", async () => {
      loop.write("files/one/schedule", scheduleWith({ QUOTAS: "yes" }));
      loop.write("control/flags/quota-0", "{}");
      loop.start();
      await until("they were counted twice", async () => called(/^one quotas$/).length >= 2);
      assert.ok(existsSync(loop.at("control/flags/quota-0")));
    });

    test("raises its flag on a disk on which nothing can be written any more, and lowers it", async () => {
      const control = loop.at("control");
      await output(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", control]);
      try {
        for (const name of ["requests", "answers", "state", "flags"])
          await output(["mkdir", loop.at("control", name)]);
        loop.disk({ blocks: 1000, free: 900 });
        loop.start();
        await until("it has looked", async () => existsSync(loop.at("control/flags/spare")));
        await run(["dd", "if=/dev/zero", `of=${loop.at("control/ballast")}`, "bs=4k"]);
        loop.disk({ blocks: 1000, free: 1 });
        await isRaised(true);
        assert.equal(answer()[0].code, "DENIED");
        assert.match(answer()[0].message, /the disk of the registry is full, and no push begins/);
        rmSync(loop.at("control/ballast"));
        await until("it has the figure", async () => /99 % full/.test(loop.read(flag)));
        loop.disk({ blocks: 1000, free: 900 });
        await isRaised(false);
      } finally {
        await loop.end();
        await until("it is unmounted", async () => (await run(["umount", control])).status === 0);
      }
    });
  });
