import { labels } from "../../components/docker/roles";
import { isServer } from "../containers";
import { containerType, labelsOf, type Resource, type Snapshot } from "../state";

/**
 * The containers to recreate. To the provider an exit code is a fact like any other, so a failed job would never run
 * again by itself; and a server whose creation failed half-way is taken for a good one. Named as `--replace` they are
 * made again.
 */
export function failedContainers(snapshot: Snapshot | undefined): string[] {
  return (snapshot?.resources ?? [])
    .filter((resource) => resource.type === containerType && hasFailed(resource))
    .map(({ urn }) => urn);
}

function hasFailed({ outputs, initErrors = [], ...resource }: Resource): boolean {
  // The engine recreates it by itself.
  if (resource.pendingReplacement || resource.delete) return false;
  if (initErrors.length > 0) return true;
  const code = outputs?.exitCode;
  const role = labelsOf(outputs?.labels)[labels.role];
  return typeof code === "number" && code !== 0 && role !== undefined && !isServer(role);
}
