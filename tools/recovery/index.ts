import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { askEngine } from "../engine";
import type { Environment } from "../process";
import { problem, say } from "../say";
import { readSnapshot, type Snapshot } from "../state";
import { failedContainers } from "./jobs";
import { clearDeadLocks } from "./locks";
import { list, removeOrphans } from "./orphans";

/**
 * Puts right what an interrupted run left behind, saying what it does, and hands back the arguments that make the
 * next `up` run failed jobs again. Costs one look at files and two at Docker when there is nothing to do.
 */
export async function recover(
  context: Context,
  environment: Environment,
  args: readonly string[] = [],
): Promise<string[]> {
  const hadLock = clearDeadLocks(context);
  const snapshot = readSnapshot(context);
  const pending = snapshot?.pendingOperations.length ?? 0;
  await removeOrphans(context, environment, snapshot, hadLock || pending > 0);
  if (pending > 0) await clearPending(context, environment, pending);
  const failed = failedContainers(snapshot);
  const jobs =
    failed.length > 0 && refreshes(args) ? await present(context, environment, failed, snapshot) : failed;
  for (const urn of jobs) say(`Recovery: ${urn.split("::").at(-1)} failed in an earlier run and runs again.`);
  return jobs.flatMap((urn) => ["--replace", urn]);
}

function refreshes(args: readonly string[]): boolean {
  return args.some(
    (argument) => argument === "-r" || (/^--refresh(=|$)/.test(argument) && argument !== "--refresh=false"),
  );
}

/** Those whose container is still there. A refresh forgets the others, and the engine refuses to replace those. */
async function present(context: Context, environment: Environment, urns: string[], snapshot?: Snapshot) {
  const ids = new Set((await list(context, environment, "container")).map(({ id }) => id));
  const there = new Set(snapshot?.resources.filter(({ id }) => id && ids.has(id)).map(({ urn }) => urn));
  return urns.filter((urn) => there.has(urn));
}

/** Drops unfinished operations from state: what they made is removed as an orphan, so nothing refers to them. */
async function clearPending(context: Context, environment: Environment, count: number): Promise<void> {
  say(`Recovery: clearing ${count} unfinished operation(s) of an interrupted run from state.`);
  const exported = await askEngine(context, environment, ["stack", "export"]);
  if (exported.code !== 0) throw problem(`cannot read the stack's state: ${exported.stderr.trim()}`);
  const state = JSON.parse(exported.stdout);
  delete state.deployment.pending_operations;
  const file = join(context.stateDirectory, `${context.stack}.recovery.json`);
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  const imported = await askEngine(context, environment, ["stack", "import", "--file", file]);
  rmSync(file);
  if (imported.code !== 0) throw problem(`cannot write the stack's state: ${imported.stderr.trim()}`);
}
