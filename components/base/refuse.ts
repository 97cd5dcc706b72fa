import { runError } from "./runError";

/**
 * Stops before anything is created if there is a problem.
 *
 * @throws RunError that lists every problem of this instance.
 */
export function refuse(instance: string, problems: readonly string[]): void {
  if (problems.length === 0) {
    return;
  }
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  throw runError(`${instance} cannot be created:\n${list}`);
}
