import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { runJob } from "./jobs";
import { nodeDisk } from "./nodeDisk";
import type { Settings } from "./settings";

// node keeper.js SETTINGS_FILE JOB [ARGUMENT]
const [settingsFile = "", job = "", argument] = process.argv.slice(2);
// Behind all else that wants a processor.
if (job === "scrub") setPriority(constants.priority.PRIORITY_LOW);
try {
  const settings: Settings = JSON.parse(readFileSync(settingsFile, "utf8"));
  process.exitCode = runJob({ disk: nodeDisk, settings, say: () => {} }, job, argument);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
