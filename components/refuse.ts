import * as pulumi from "@pulumi/pulumi";

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
  throw new pulumi.RunError(`${instance} cannot be created:\n${list}`);
}
