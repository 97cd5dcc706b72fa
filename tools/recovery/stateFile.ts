import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { askEngine } from "../engine";
import type { Environment } from "../process";
import { problem } from "../say";
import type { Adoption } from "./classify";

interface ExportedResource {
  urn: string;
  id?: string;
  outputs?: { id?: unknown };
  delete?: boolean;
  pendingReplacement?: boolean;
}

interface Exported {
  deployment: { resources?: ExportedResource[]; pending_operations?: unknown };
}

/**
 * The exported state without unfinished operations and with the ids of `adoptions`. What waited for its replacement
 * needs it no longer: the replacement is there.
 */
export function mended(text: string, adoptions: readonly Adoption[]): string {
  const state: Exported = JSON.parse(text);
  delete state.deployment.pending_operations;
  for (const resource of state.deployment.resources ?? []) {
    const adoption = adoptions.find(({ urn, from }) => urn === resource.urn && from === resource.id);
    if (!adoption || resource.delete) continue;
    resource.id = adoption.to;
    if (resource.outputs) resource.outputs.id = adoption.to;
    delete resource.pendingReplacement;
  }
  return JSON.stringify(state);
}

/** Takes the stack's state through `mended`. Secrets in it stay encrypted. */
export async function mendState(
  context: Context,
  environment: Environment,
  adoptions: readonly Adoption[],
): Promise<void> {
  const exported = await askEngine(context, environment, ["stack", "export"]);
  if (exported.code !== 0) throw problem(`cannot read the stack's state: ${exported.stderr.trim()}`);
  const file = join(context.stateDirectory, `${context.stack}.recovery.json`);
  writeFileSync(file, mended(exported.stdout, adoptions), { mode: 0o600 });
  const imported = await askEngine(context, environment, ["stack", "import", "--file", file]);
  rmSync(file);
  if (imported.code !== 0) throw problem(`cannot write the stack's state: ${imported.stderr.trim()}`);
}

/** Has the engine read everything anew. It forgets what is not there, and does so for good, whatever follows. */
export async function refreshState(context: Context, environment: Environment): Promise<void> {
  const { code, stdout, stderr } = await askEngine(context, environment, [
    "refresh",
    "--yes",
    "--skip-preview",
  ]);
  if (code !== 0) throw problem(`cannot refresh the stack's state:\n${stdout}${stderr}`.trim());
}
