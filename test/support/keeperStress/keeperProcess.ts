import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keeperProgram } from "../../../components/keeper/keeperProgram";
import type { Settings } from "../../../components/keeper/program/settings";
import { type Running, start } from "../../../tools/shell";

/** The keeper's program with settings of its own, on the data of a registry. */
export interface Keeper {
  readonly settings: Settings;
  /** What its later steps do otherwise. */
  change(settings: Partial<Settings>): void;
  /** Starts one step as the keeper's shell does. `under` are words before it, such as those of faketime. */
  step(name: string, under?: readonly string[]): Running;
  /** The most memory that any of its steps had. */
  megabytes(): number;
}

/** The steps of a collection, and where the shell waits for what is under way. */
export const collectionSteps = [
  ...["mark", "take-links", "settle", "look", "take-blobs", "settle", "look", "finish"],
] as const;

export function makeKeeper(folder: string, settings: Settings): Keeper {
  const { dataFolder, controlFolder } = settings;
  for (const each of [folder, controlFolder, join(dataFolder, ".trash")])
    mkdirSync(each, { recursive: true });
  const [program, file] = [join(folder, "keeper.js"), join(folder, "settings.json")];
  const [meter, memory] = [join(folder, "meter.cjs"), join(folder, "memory")];
  writeFileSync(program, keeperProgram());
  writeFileSync(file, JSON.stringify(settings));
  writeFileSync(
    meter,
    `process.on("exit", () => require("node:fs").appendFileSync(${JSON.stringify(memory)}, process.resourceUsage().maxRSS + " "));`,
  );
  return {
    settings,
    change: (other) => writeFileSync(file, JSON.stringify({ ...settings, ...other })),
    step: (name, under = []) => start([...under, process.execPath, "--require", meter, program, file, name]),
    megabytes() {
      const used = readFileSync(memory, "utf8").trim().split(" ");
      return Math.round(Math.max(...used.map(Number)) / 1024);
    },
  };
}

/** A whole collection, settling included. @throws Error for a step that fails. */
export async function collectOnce(keeper: Keeper, under: readonly string[] = []): Promise<void> {
  for (const name of collectionSteps) {
    if (name === "settle") {
      await sleep(keeper.settings.settleSeconds * 1000);
      continue;
    }
    await succeed(keeper, name, under);
  }
}

/** A step to its end. @throws Error if it fails. */
export async function succeed(keeper: Keeper, name: string, under: readonly string[] = []): Promise<void> {
  const { status, stderr } = await keeper.step(name, under).done;
  if (status !== 0) throw new Error(`the step ${name} ended with ${status}: ${stderr}`);
}
