import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keeperProgram } from "../../components/keeper/keeperProgram";
import type { Settings } from "../../components/keeper/program/settings";
import { type Result, run } from "../../tools/shell";

/** The keeper's program as the container runs it: one file, a process for each job. */
export interface BuiltKeeper {
  readonly requestsFolder: string;
  /** Runs one job. */
  job(...words: readonly string[]): Promise<Result>;
  /** Hands a request in, runs the job for it and answers with its answer. */
  ask(request: { readonly verb: string; readonly [field: string]: unknown }): Promise<KeeperAnswer>;
}

export interface KeeperAnswer {
  readonly owner: string;
  readonly text: string;
  readonly json: unknown;
  readonly failed: boolean;
}

/** Writes the program into a folder, with its settings and a control folder beside it. */
export function buildKeeper(folder: string, settings: Omit<Settings, "controlFolder">): BuiltKeeper {
  const program = join(folder, "keeper.js");
  const settingsFile = join(folder, "settings.json");
  const controlFolder = join(folder, "control");
  const requestsFolder = join(controlFolder, "requests");
  mkdirSync(requestsFolder, { recursive: true });
  writeFileSync(program, keeperProgram());
  writeFileSync(settingsFile, JSON.stringify({ ...settings, controlFolder }));
  const job = (...words: readonly string[]) => run([process.execPath, program, settingsFile, ...words]);
  return {
    requestsFolder,
    job,
    async ask(request) {
      const id = randomBytes(16).toString("hex");
      const aside = join(requestsFolder, `.${id}`);
      writeFileSync(aside, JSON.stringify({ user: "alice", flags: [], ...request }));
      renameSync(aside, join(requestsFolder, id));
      const { status, stderr } = await job("request", id);
      assert.equal(status, 0, stderr);
      assert.ok(!existsSync(join(requestsFolder, id)));
      const read = (name: string) => readFileSync(join(controlFolder, "answers", id, name), "utf8");
      return {
        owner: read("owner"),
        text: read("text"),
        json: JSON.parse(read("json")),
        failed: read("status") === "1",
      };
    },
  };
}
