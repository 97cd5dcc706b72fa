import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { until } from "../../../tools/shell";
import { type KeeperLoop, keeperLoop, requestId, scheduleWith, shells } from "../../support/keeperLoop";

const noon = 1_800_000_000;
const hour = 3600;
const id = requestId("a1");

for (const shell of shells) {
  describe(`backups by the loop of the keeper in ${shell}`, () => {
    let loop: KeeperLoop;
    beforeEach(() => {
      loop = keeperLoop(shell);
      loop.clock(noon, "12:00:00");
      loop.write("files/one/schedule", scheduleWith({ BACKUP_AT: "13:00" }));
      mkdirSync(loop.at("control/backup"));
      writeFileSync(loop.at("control/backup/lock"), "");
    });
    afterEach(async () => {
      await loop.end();
      loop.remove();
    });

    const called = (pattern: RegExp) => loop.calls().filter((call) => pattern.test(call));
    const seen = (pattern: RegExp) => until(`${pattern}`, async () => called(pattern).length > 0);
    const start = async () => {
      loop.start();
      await seen(/^one quarantine$/);
    };
    /** What the container of backups is told, once it is. */
    const wanted = async (): Promise<string> => {
      await until("there is an order", async () => existsSync(loop.at("control/backup/wanted")));
      return loop.read("control/backup/wanted");
    };
    const answer = (order: string, text: string) => {
      loop.write("control/backup/result.new", `${order.split(" ")[0]} ${text}`);
      renameSync(loop.at("control/backup/result.new"), loop.at("control/backup/result"));
    };
    const ask = (verb: string, code: number) => {
      // The program says by its exit code what the shell begins.
      loop.job("request", `mkdir -p "answers/$2"\nexit ${code}\n`);
      loop.write(`control/requests/.${id}`, JSON.stringify({ verb, user: "alice" }));
      renameSync(loop.at("control/requests", `.${id}`), loop.at("control/requests", id));
    };
    const isLocked = () => {
      try {
        execFileSync("flock", ["-n", loop.at("data/.trash/run.lock"), "true"]);
        return false;
      } catch {
        return true;
      }
    };

    test("begin at their time, under the collection's lock, and once a day", async () => {
      await start();
      await loop.rounds(31);
      assert.deepEqual(called(/backup/), [], "not before");
      loop.clock(noon + hour + 60, "13:01:00");
      const order = await wanted();
      assert.match(order, /^[0-9a-f-]{36} backup\n$/);
      assert.deepEqual(called(/backup-list/), ["one backup-list"]);
      assert.ok(isLocked());
      answer(order, "ok\n{}\n{}\n\n");
      await seen(/^one backed-up$/);
      await until("the lock is free", async () => !isLocked());
      assert.ok(!existsSync(loop.at("control/backup/wanted")));
      assert.equal(loop.read("control/state/backed_up").trim(), String(noon + hour + 60));
      await loop.rounds(61);
      assert.equal(called(/backup-list/).length, 1);
    });

    test("are nothing where nobody wants them", async () => {
      loop.write("files/one/schedule", scheduleWith());
      await start();
      loop.clock(noon + 26 * hour, "14:00:00");
      await loop.rounds(61);
      assert.deepEqual(called(/back/), []);
    });

    test("begin at once for a request, which is told how far they are", async () => {
      await start();
      ask("backup", 11);
      const order = await wanted();
      loop.write("control/backup/progress", "copied 1 of 2 MiB\n");
      await until(
        "the progress is told",
        async () => loop.read(`control/answers/${id}/progress`).trim() === "copied 1 of 2 MiB",
      );
      answer(order, "ok\n{}\n{}\n\n");
      await seen(new RegExp(`^one backed-up ${id}$`));
    });

    test("are refused for a request while a collection is under way", async () => {
      await start();
      mkdirSync(loop.at("data/.trash"), { recursive: true });
      writeFileSync(loop.at("data/.trash/run.lock"), "");
      const holder = `exec flock ${loop.at("data/.trash/run.lock")} sleep 5`;
      const held = execHolder(holder);
      await until("the lock is held", async () => isLocked());
      ask("backup", 11);
      await until("it is answered", async () => existsSync(loop.at("control/answers", id, "status")));
      held.kill();
      assert.match(loop.read(`control/answers/${id}/text`), /a collection or a backup is under way/);
    });

    test("end with what went wrong where their container gives no sign", async () => {
      // Three minutes at the pace of this loop.
      await start();
      ask("backup", 11);
      await wanted();
      await until(
        "nobody waits any more",
        async () => /container of the backups does not run/.test(readIf(loop, "control/backup/result")),
        60,
      );
      await seen(new RegExp(`^one backed-up ${id}$`));
    });

    test("forget an order of an earlier start, and a collection waits for whoever is still at it", async () => {
      writeFileSync(loop.at("control/backup/wanted"), "old backup\n");
      const held = execHolder(`exec flock ${loop.at("control/backup/lock")} sleep 600`);
      try {
        await start();
        assert.ok(!existsSync(loop.at("control/backup/wanted")));
        ask("collect", 10);
        await until("the request is taken", async () => called(/request/).length > 0);
        await loop.rounds(20);
        assert.deepEqual(called(/mark/), []);
      } finally {
        held.kill();
      }
      await seen(/^one mark/);
    });

    test("bring damaged blobs for a repair", async () => {
      await start();
      loop.job("damaged", "echo sha256:aa; echo sha256:bb");
      ask("repair", 12);
      const order = await wanted();
      assert.match(order, /^[0-9a-f-]{36} fetch\nsha256:aa\nsha256:bb\n$/);
      answer(order, "ok\n");
      await seen(new RegExp(`^one repaired ${id} locked$`));
      rmSync(loop.at("jobs/damaged"));
    });
  });
}

/** A program that holds a lock until it is killed. */
function execHolder(command: string): ChildProcess {
  return spawn("sh", ["-c", command.replace("exec flock", "exec flock --no-fork")], { stdio: "ignore" });
}

function readIf(loop: KeeperLoop, path: string): string {
  return existsSync(loop.at(path)) ? loop.read(path) : "";
}
