import { noteAlarms } from "./alarms";
import { writeBackupList } from "./backupList";
import { noteBackup } from "./backupResult";
import { finish, lookOnce, mark, recover, takeBlobs, takeLinks } from "./collect";
import { lookAhead, relieve } from "./fullDisk";
import { index } from "./index";
import type { Context } from "./job";
import { lookAfterDeletions } from "./lookAfter";
import { measureSpace } from "./metrics";
import { checkPlace } from "./place";
import { checkQuarantine } from "./quarantine";
import { countQuotas } from "./quotas";
import { proveRebuilt } from "./rebuild";
import { noteRepair, printDamaged } from "./repair";
import { answerRequest, collectionStep } from "./requestJob";
import { scheduledRetention } from "./retentionJob";
import { scrub } from "./scrub";
import { tidy } from "./tidy";

type Job = (context: Context, id: string | undefined) => void;

/** The jobs that need nobody to ask for them, by name. A step of a collection may be given the id of a request. */
const jobs = new Map<string, Job>([
  ["index", hourlyIndex],
  ["tidy", tidy],
  ["space", measureSpace],
  ["outlook", lookAhead],
  ["relief", relieve],
  ["quotas", countQuotas],
  ["scrub", scrub],
  ["quarantine", checkQuarantine],
  ["backup-list", writeBackupList],
  ["backed-up", noteBackup],
  ["damaged", printDamaged],
  ["repaired", noteRepair],
  ["rebuild", proveRebuilt],
  ["retention", scheduledRetention],
  ["mark", step(firstMark)],
  ["take-links", step(takeLinks)],
  ["take-blobs", step(takeBlobs)],
  ["look", step(lookOnce)],
  ["recover", step(recover)],
  ["finish", (context, id) => collectionStep(context, finish, id)],
]);

function hourlyIndex(context: Context): void {
  lookAfterDeletions(context);
  index(context);
}

/** What cannot be moved, or not be given back, is not taken at all. */
function firstMark(context: Context): void {
  checkPlace(context);
  noteAlarms(context);
  mark(context);
}

/** A step without an answer of its own. */
function step(work: (context: Context) => void): Job {
  return (context, id) =>
    collectionStep(
      context,
      (told) => {
        work(told);
        return undefined;
      },
      id,
    );
}

/** Does one job; one that fails throws. The answer is the exit code of the program. */
export function runJob(context: Context, name: string, id?: string): number {
  if (name === "request") return answerRequest(context, id ?? "");
  const job = jobs.get(name);
  if (job === undefined) {
    const known = ["request", ...jobs.keys()].join(", ");
    throw new Error(`${name} is no job of the keeper; there are ${known}`);
  }
  job(context, id);
  return 0;
}
