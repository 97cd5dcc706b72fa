import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { runJob } from "./jobs";
import { nodeClock } from "./nodeClock";
import { nodeDisk } from "./nodeDisk";
import { proveServed } from "./served";
import type { Settings } from "./settings";

// node keeper.js SETTINGS_FILE JOB [ARGUMENT]
const [settingsFile = "", job = "", argument] = process.argv.slice(2);
// Behind all else that wants a processor.
if (job === "scrub") setPriority(constants.priority.PRIORITY_LOW);
async function main(): Promise<number> {
  const settings: Settings = JSON.parse(readFileSync(settingsFile, "utf8"));
  const context = { disk: nodeDisk, settings, say: () => {}, clock: nodeClock };
  if (job !== "served") return runJob(context, job, argument);
  // The one that waits for another program.
  await proveServed(context, argument);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
