import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { noteRun, type Run, statusFile } from "../../../components/keeper/program/status";
import { backupLines, collectionLine, refusals } from "../../../tools/keeperStatus";
import { usualSettings } from "../../support/keeper/usualSettings";

const schedule = "COLLECT_AT='03:30'\nTIME_ZONE='Asia/Shanghai'\nSETTLE_SECONDS='900'\n";

/** What a keeper's status file says after a collection, as its program writes it. */
function statusAfter(run: Run): string {
  const folder = mkdtempSync(join(tmpdir(), "keeper-status-"));
  const settings = { ...usualSettings, dataFolder: join(folder, "data"), controlFolder: folder };
  try {
    const context = { disk: nodeDisk, settings, say: () => {} };
    noteRun(context, "retention", { ...run, summary: "of another job" });
    noteRun(context, "collection", run);
    return readFileSync(statusFile(context), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a keeper says when it last collected, what that did, and when the next one is", () => {
  const run = { ended: "2026-03-01T19:47:12.000Z", ok: true, summary: "freed 1.2 GB" };
  const now = new Date("2026-03-02T20:59:00Z");
  assert.equal(
    collectionLine(`${schedule}${statusAfter(run)}`, now),
    "last collection 2026-03-01 19:47 UTC: freed 1.2 GB; next at 03:30 Asia/Shanghai",
  );
  assert.equal(
    collectionLine(`${schedule}${statusAfter({ ...run, ok: false, summary: "a link is empty" })}`, now),
    "last collection 2026-03-01 19:47 UTC, FAILED: a link is empty; next at 03:30 Asia/Shanghai",
  );
});

test("a keeper that was away for longer than a day says for how long it has not collected", () => {
  const run = { ended: "2026-03-01T19:47:12.000Z", ok: true, summary: "freed 1.2 GB" };
  assert.match(
    collectionLine(`${schedule}${statusAfter(run)}`, new Date("2026-03-02T22:00:00Z")),
    /^last collection 2026-03-01 19:47 UTC, NONE FOR 26 HOURS: freed 1.2 GB; next/,
  );
});

test("a keeper without a status, or with half of one, has not collected yet", () => {
  const none = "no collection yet, next at 03:30 Asia/Shanghai";
  assert.equal(collectionLine(schedule, new Date()), none);
  assert.equal(collectionLine(`${schedule}{\n  "runs": {`, new Date()), none);
});

test("a flag is told with its sentence, and with its age where no keeper writes it any more", () => {
  const now = new Date(1_800_000_600_000);
  const flag = (time: number, message: string) =>
    `${time}\n${JSON.stringify({ errors: [{ code: "DENIED", message }] })}\n`;
  assert.deepEqual(refusals("", now), []);
  assert.deepEqual(
    refusals(flag(1_800_000_595, "the disk is full") + flag(1_800_000_000, "team/* is full"), now),
    ["REFUSED: the disk is full", "REFUSED by a keeper that has not looked for 10 minutes: team/* is full"],
  );
  assert.deepEqual(refusals("1800000000\n{}\nx\n", now), []);
});

test("a keeper says when the last backup was, what it was, and what is wrong with it, where there are any", () => {
  const withBackups = `${schedule}BACKUP_AT='02:00'\n`;
  const of = (job: string, run: object) => `${withBackups}{\n"runs": ${JSON.stringify({ [job]: run })}}`;
  const run = { ended: "2026-03-01T19:47:12.000Z", ok: true, summary: "1.2 GiB of images" };
  assert.deepEqual(backupLines(`${schedule}{"runs": {}}`), []);
  assert.deepEqual(backupLines(withBackups), ["no backup yet, next at 02:00 Asia/Shanghai"]);
  assert.deepEqual(backupLines(of("collection", run)), ["no backup yet, next at 02:00 Asia/Shanghai"]);
  assert.deepEqual(backupLines(of("backup", run)), [
    "last backup 2026-03-01 19:47 UTC: 1.2 GiB of images; next at 02:00 Asia/Shanghai",
  ]);
  assert.deepEqual(backupLines(of("backup", { ...run, problem: "older ones stay" })), [
    "last backup 2026-03-01 19:47 UTC: 1.2 GiB of images; PROBLEM: older ones stay; next at 02:00 Asia/Shanghai",
  ]);
  assert.deepEqual(
    backupLines(of("backup", { ...run, ok: false, summary: "no route", problem: "no route" })),
    ["last backup 2026-03-01 19:47 UTC, FAILED: no route; next at 02:00 Asia/Shanghai"],
  );
});
