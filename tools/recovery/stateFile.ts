import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { askEngine } from "../engine";
import type { Environment } from "../process";
import { problem } from "../say";
import { containerType, type Resource, volumeType } from "../state";
import type { Findings } from "./classify";

interface ExportedResource {
  urn: string;
  id?: string;
  outputs?: { id?: unknown };
  initErrors?: string[];
  pendingReplacement?: boolean;
}

interface Exported {
  deployment: { resources?: ExportedResource[]; pending_operations?: unknown };
}

/** What differs from a state. */
export type Differences = Pick<Findings, "adoptions" | "missing" | "jobsToRepeat">;

/** By this a container is known that has the name of ours, and that somebody else made. */
export const madeByOthers = "made by others than this stack";

/**
 * The exported state without unfinished operations, and true to the Docker host in the engine's own terms: what is not
 * there is deleted and waits for its replacement; what somebody else made has an error of its creation, so that
 * the next `up` replaces it in the right order. A refresh does not do: the provider reads back neither volumes nor
 * limits of a container, and would take one of the future for one of the past.
 */
export function mended(text: string, { adoptions, missing, jobsToRepeat }: Differences): string {
  const state: Exported = JSON.parse(text);
  delete state.deployment.pending_operations;
  for (const resource of state.deployment.resources ?? []) {
    const isSame = (other: Resource) => other.urn === resource.urn && other.id === resource.id;
    // The id of a volume is its name: one that is made again is the one that the state knows.
    if (missing.some((each) => isSame(each) && each.type !== volumeType) || jobsToRepeat.some(isSame))
      resource.pendingReplacement = true;
    const adoption = adoptions.find((each) => isSame(each.resource));
    if (!adoption) continue;
    resource.id = adoption.id;
    if (resource.outputs) resource.outputs.id = adoption.id;
    if (adoption.resource.type === containerType) resource.initErrors = [madeByOthers];
    delete resource.pendingReplacement;
  }
  return JSON.stringify(state);
}

/** Takes the stack's state through `mended`. Secrets in it stay encrypted. */
export async function mendState(
  context: Context,
  environment: Environment,
  differences: Differences,
): Promise<void> {
  const exported = await askEngine(context, environment, ["stack", "export"]);
  if (exported.code !== 0) throw problem(`cannot read the stack's state: ${exported.stderr.trim()}`);
  const file = join(context.stateDirectory, `${context.stack}.recovery.json`);
  writeFileSync(file, mended(exported.stdout, differences), { mode: 0o600 });
  const imported = await askEngine(context, environment, ["stack", "import", "--file", file]);
  rmSync(file);
  if (imported.code !== 0) throw problem(`cannot write the stack's state: ${imported.stderr.trim()}`);
}
