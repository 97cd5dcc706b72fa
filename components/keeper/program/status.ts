import type { Context } from "./job";
import { writeRunFigures } from "./metrics";
import { stateFile } from "./stateFile";

/** How a job ended. */
export interface Run {
  /** ISO time in UTC. */
  readonly ended: string;
  readonly ok: boolean;
  /** One line for a person. */
  readonly summary: string;
  /** What it has done, in the measure of its job: bytes that were freed, tags that were deleted. */
  readonly done?: number;
  /** What a person must see to, until a later run of the same job ends without it. */
  readonly problem?: string;
}

/** The last run of a job, and what is known of those before. */
export interface NotedRun extends Omit<Run, "done"> {
  /** When a run last ended well, if the last one did not. */
  readonly succeeded?: string;
  /** What all have done together. */
  readonly total?: number;
}

/** What the last runs did, for `npm run status` and the health check. */
export interface Status {
  /** The last run of each job, by the job's name. */
  readonly runs: { readonly [job: string]: NotedRun };
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
  const before = readStatus(context).runs;
  const runs: Status["runs"] = { ...before, [job]: noted(run, before[job]) };
  const problems = Object.values(runs).flatMap(({ problem }) => problem ?? []);
  const status: Status = { runs, ...(problems.length > 0 && { problem: problems.join("; ") }) };
  context.disk.write(statusFile(context), `${JSON.stringify(status, null, 2)}\n`);
  writeRunFigures(context, runs);
}

function noted({ done, ...run }: Run, before: NotedRun | undefined): NotedRun {
  const succeeded = before?.ok ? before.ended : before?.succeeded;
  const total = (before?.total ?? 0) + (done ?? 0);
  return {
    ...run,
    ...(!run.ok && succeeded !== undefined && { succeeded }),
    ...(total > 0 && { total }),
  };
}
