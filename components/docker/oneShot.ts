import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { runError } from "../base/runError";

export interface OneShotArgs extends docker.ContainerArgs {
  /** POSIX sh script that the job runs. */
  readonly script: pulumi.Input<string>;
}

/**
 * Runs a script in a container to its end during `up`.
 *
 * A line of its log that begins with "warning: " is a warning of every `up`. To the provider any exit code is a success;
 * here a code other than 0 fails the `up` with the job's log. Depend on the returned output, not on the container, so that
 * nothing goes on after a failure.
 *
 * @throws RunError (inside the output) with the log and the command that runs the job again.
 */
export function oneShot(
  name: string,
  { script, ...args }: OneShotArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  const job = new docker.Container(
    name,
    {
      ...args,
      entrypoints: ["sh", "-c"],
      command: [script],
      attach: true,
      logs: true,
      mustRun: false,
      restart: "no",
    },
    { ...opts, deleteBeforeReplace: true },
  );
  return pulumi.all([job.exitCode, job.containerLogs, job.urn]).apply(([exitCode, log, urn]) => {
    if (exitCode) {
      throw runError(
        `${name} ended with exit code ${exitCode}:\n${log.trim()}\n` +
          `Fix the cause and run up again; if no input changed, with: pulumi up --replace '${urn}'`,
      );
    }
    // Of a container that was never started there is none.
    for (const [, warning] of `${log}`.matchAll(/^warning: (.*)$/gm))
      pulumi.log.warn(`${name}: ${warning}`, job);
    return job;
  });
}
