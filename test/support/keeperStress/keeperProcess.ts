import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import type { Settings } from "../../../components/keeper/program/settings";
import { type Running, start } from "../../../tools/shell";

/** The keeper's program with settings of its own, on the data of a registry. */
export interface Keeper {
  readonly settings: Settings;
  /** Starts one step as the keeper's shell does. `under` are words before it, such as those of faketime. */
  step(name: string, under?: readonly string[]): Running;
  withSettings(more: Partial<Settings>): Keeper;
}

/** The steps of a collection, and where the shell waits for what is under way. */
export const collectionSteps = [
  ...["mark", "take-links", "settle", "look", "take-blobs", "settle", "look", "finish"],
] as const;

export function makeKeeper(folder: string, settings: Settings): Keeper {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "keeper.js");
  const file = join(folder, `settings-${process.hrtime.bigint()}.json`);
  buildSync({
    entryPoints: [join(__dirname, "steps.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  writeFileSync(file, JSON.stringify(settings));
  return {
    settings,
    step: (name, under = []) => start([...under, process.execPath, program, file, name]),
    withSettings: (more) => makeKeeper(folder, { ...settings, ...more }),
  };
}

/** A whole collection, settling included. @throws Error for a step that fails. */
export async function collectOnce(keeper: Keeper, under: readonly string[] = []): Promise<void> {
  for (const name of collectionSteps) {
    if (name === "settle") {
      await sleep(keeper.settings.settleSeconds * 1000);
      continue;
    }
    const { status, stderr } = await keeper.step(name, under).done;
    if (status !== 0) throw new Error(`the step ${name} ended with ${status}: ${stderr}`);
  }
}
