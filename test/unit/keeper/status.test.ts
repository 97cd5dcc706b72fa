import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Context } from "../../../components/keeper/program/job";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { noteRun, readStatus, statusFile } from "../../../components/keeper/program/status";
import { usualSettings } from "../../support/keeper/usualSettings";

const ended = "2026-03-01T03:30:00.000Z";
const fine = { ended, ok: true, summary: "took nothing" };
const held = { ...fine, problem: "the brake holds in team/app" };
const failed = { ...fine, ok: false, summary: "stopped", problem: "a link is empty" };

function inFolder(body: (context: Context) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "keeper-status-"));
  const folders = { dataFolder: join(folder, "data"), controlFolder: join(folder, "control") };
  try {
    body({ disk: nodeDisk, settings: { ...usualSettings, ...folders }, say: () => {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the keeper's status", () => {
  test("knows of no run before the first", () => {
    inFolder((context) => assert.deepEqual(readStatus(context), { runs: {} }));
  });

  test("has the last run of each job, and the problems of all of them", () => {
    inFolder((context) => {
      noteRun(context, "retention", fine);
      noteRun(context, "collection", failed);
      noteRun(context, "retention", held);
      assert.deepEqual(readStatus(context), {
        runs: { retention: held, collection: failed },
        problem: "the brake holds in team/app; a link is empty",
      });
    });
  });

  test("forgets a problem with the next run of the same job that has none", () => {
    inFolder((context) => {
      noteRun(context, "retention", held);
      noteRun(context, "collection", fine);
      assert.equal(readStatus(context).problem, held.problem);
      noteRun(context, "retention", fine);
      assert.deepEqual(readStatus(context), { runs: { retention: fine, collection: fine } });
    });
  });

  for (const text of ["", "{", "null", "5", '"text"', "[]", '{"runs":null}']) {
    test(`begins anew where the file says ${JSON.stringify(text)}`, () => {
      inFolder((context) => {
        context.disk.write(statusFile(context), text);
        assert.deepEqual(readStatus(context), { runs: {} });
        noteRun(context, "retention", fine);
        assert.deepEqual(readStatus(context), { runs: { retention: fine } });
      });
    });
  }
});
