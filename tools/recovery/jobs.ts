import type { Resource, Snapshot } from "../state";

const jobRoles = ["-stage", "-activate", "-prepare"];

/**
 * The one-shot containers whose last run failed. To the provider an exit code is a fact like any other, so a failed
 * job would never run again by itself; named as `--replace` it does.
 */
export function failedJobs(snapshot: Snapshot | undefined): string[] {
  return (snapshot?.resources ?? [])
    .filter((resource) => resource.type === "docker:index/container:Container" && hasFailed(resource))
    .map(({ urn }) => urn);
}

function hasFailed({ outputs }: Resource): boolean {
  const code = outputs?.exitCode;
  const role = labelsOf(outputs?.labels)["private-registry.role"] ?? "";
  return typeof code === "number" && code !== 0 && jobRoles.some((ending) => role.endsWith(ending));
}

function labelsOf(labels: unknown): { [name: string]: string } {
  if (!Array.isArray(labels)) return {};
  return Object.fromEntries(labels.map((entry) => [entry?.label, entry?.value]));
}
