import type { Context } from "./job";
import { stateFile } from "./stateFile";

/** How a job ended. */
export interface Run {
  /** ISO time in UTC. */
  readonly ended: string;
  readonly ok: boolean;
  /** One line for a person. */
  readonly summary: string;
  /** What a person must see to, until a later run of the same job ends without it. */
  readonly problem?: string;
}

/** What the last runs did, for `npm run status` and the health check. */
export interface Status {
  /** The last run of each job, by the job's name. */
  readonly runs: { readonly [job: string]: Run };
  /** The problems of all of them in one line, where there are any. */
  readonly problem?: string;
}

export function statusFile(context: Context): string {
  return stateFile(context, "status.json");
}

/** Nothing is known if the file is not there or makes no sense: it only tells, nobody decides by it. */
export function readStatus(context: Context): Status {
  try {
    const { runs, problem }: Partial<Status> = JSON.parse(context.disk.read(statusFile(context)) ?? "{}");
    return { runs: runs ?? {}, ...(problem && { problem }) };
  } catch {
    return { runs: {} };
  }
}

/** Notes how a job ended, beside what is known of the others. */
export function noteRun(context: Context, job: string, run: Run): void {
  const runs: Status["runs"] = { ...readStatus(context).runs, [job]: run };
  const problems = Object.values(runs).flatMap(({ problem }) => problem ?? []);
  const status: Status = { runs, ...(problems.length > 0 && { problem: problems.join("; ") }) };
  context.disk.write(statusFile(context), `${JSON.stringify(status, null, 2)}\n`);
}
