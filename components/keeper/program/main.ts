import { readFileSync } from "node:fs";
import { runJob } from "./jobs";
import { nodeDisk } from "./nodeDisk";
import type { Settings } from "./settings";

// node keeper.js SETTINGS_FILE JOB [ARGUMENT]
const [settingsFile = "", job = "", argument] = process.argv.slice(2);
try {
  const settings: Settings = JSON.parse(readFileSync(settingsFile, "utf8"));
  process.exitCode = runJob({ disk: nodeDisk, settings, say: () => {} }, job, argument);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
