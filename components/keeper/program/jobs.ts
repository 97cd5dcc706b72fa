import { index } from "./index";
import type { Context } from "./job";
import { answerRequest } from "./requestJob";
import { tidy } from "./tidy";

/** The jobs that need nobody to ask for them, by name. A step of a collection may be given the id of a request. */
const jobs = new Map<string, (context: Context, id: string | undefined) => void>([
  ["index", index],
  ["tidy", tidy],
]);

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
