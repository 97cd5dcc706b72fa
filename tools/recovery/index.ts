import { type Inspected, nameOf } from "../containers";
import type { Context } from "../context";
import type { Environment } from "../process";
import { say } from "../say";
import { readSnapshot, type Snapshot } from "../state";
import { classify, dockerName, type Findings, isInLoop, type Strangers } from "./classify";
import { failedContainers } from "./jobs";
import { refuseForeign, removeLeftovers, removeStrangers } from "./leftovers";
import { clearDeadLocks } from "./locks";
import { type Host, inspectContainers, look } from "./look";
import { replacementsOf, sayUnhealthy, startAgain } from "./servers";
import { madeByOthers, mendState } from "./stateFile";
import { makeVolumes } from "./volumes";

/** What there is before anything is changed. */
export interface Situation {
  readonly snapshot: Snapshot | undefined;
  readonly host: Host;
  readonly findings: Findings;
}

/** What is left to do for the `up` that follows. */
export interface Recovered {
  /** Further arguments of the engine. */
  readonly args: readonly string[];
  /** What to remove directly before it, once a preview has succeeded. */
  readonly strangers: Strangers;
}

/** Looks once at state and Docker host. Clears dead locks, and refuses what belongs to others; changes nothing else. */
export async function survey(context: Context, environment: Environment): Promise<Situation> {
  const hadLock = clearDeadLocks(context);
  const snapshot = readSnapshot(context);
  const host = await look(context, environment, snapshot);
  const findings = classify(context, snapshot, host);
  const interrupted = hadLock || (snapshot?.pendingOperations.length ?? 0) > 0;
  refuseForeign(context, snapshot, findings, interrupted);
  return { snapshot, host, findings };
}

/**
 * Puts right what an interrupted run left behind, and what became of the servers since the last one, saying what it
 * does. What needs the engine is left to the `up` that follows.
 */
export async function recover(
  context: Context,
  environment: Environment,
  { snapshot, findings }: Situation,
  args: readonly string[],
): Promise<Recovered> {
  const pending = snapshot?.pendingOperations.length ?? 0;
  await removeLeftovers(environment, findings.leftovers);
  sayFindings(findings, pending);
  const { adoptions, missing, jobsToRepeat } = findings;
  await makeVolumes(environment, missing);
  if (pending + adoptions.length + missing.length + jobsToRepeat.length > 0)
    await mendState(context, environment, findings);
  const broken = await startAgain(environment, findings.down);
  sayUnhealthy(findings.unhealthy);

  const now = readSnapshot(context);
  const failed = failedContainers(now);
  const jobs = refreshes(args) ? await present(context, environment, failed, now) : failed;
  for (const urn of jobs) sayReplaced(urn, now);
  for (const server of broken) say(`Recovery: ${nameOf(server)} ${ailment(server)}, and is recreated.`);
  const urns = new Set([...jobs, ...broken.flatMap((server) => replacementsOf(server, now))]);
  return {
    args: [...urns].flatMap((urn) => ["--replace", urn]),
    strangers: findings.strangers,
  };
}

/** Before a destruction: nothing has to serve any longer, and what state does not know must not be left. */
export async function recoverToDestroy(context: Context, environment: Environment): Promise<void> {
  const { snapshot, findings } = await survey(context, environment);
  const pending = snapshot?.pendingOperations.length ?? 0;
  await removeLeftovers(environment, findings.leftovers);
  await removeStrangers(environment, findings.strangers);
  sayPending(pending);
  if (pending + findings.adoptions.length > 0)
    await mendState(context, environment, { ...findings, missing: [], jobsToRepeat: [] });
}

function sayFindings({ missing, jobsToRepeat }: Findings, pending: number): void {
  sayPending(pending);
  for (const resource of missing) {
    const [, kind = "resource"] = /^docker:index\/(\w+):/.exec(resource.type) ?? [];
    say(`Recovery: the ${kind} ${dockerName(resource)} is not on the Docker host, and is recreated.`);
  }
  if (jobsToRepeat.length > 0)
    say(`Recovery: running these again: ${jobsToRepeat.map(dockerName).join(", ")}.`);
}

function sayReplaced(urn: string, snapshot: Snapshot | undefined): void {
  const resource = snapshot?.resources.find(
    (each) => each.urn === urn && each.initErrors?.includes(madeByOthers),
  );
  say(
    resource
      ? `Recovery: ${dockerName(resource)} was created by something else than this stack, and is replaced.`
      : `Recovery: ${urn.split("::").at(-1)} failed in an earlier run and runs again.`,
  );
}

function ailment(server: Inspected): string {
  return isInLoop(server) ? "restarts again and again" : `does not run (${server.State.Status})`;
}

function sayPending(pending: number): void {
  if (pending > 0)
    say(`Recovery: clearing ${pending} unfinished operation(s) of an interrupted run from state.`);
}

function refreshes(args: readonly string[]): boolean {
  return args.some(
    (argument) => argument === "-r" || (/^--refresh(=|$)/.test(argument) && argument !== "--refresh=false"),
  );
}

/** Those whose container is still there. A refresh forgets the others, and the engine refuses to replace those. */
async function present(context: Context, environment: Environment, urns: string[], snapshot?: Snapshot) {
  if (urns.length === 0) return [];
  const ids = new Set((await inspectContainers(context, environment, snapshot)).map(({ Id }) => Id));
  const there = new Set(snapshot?.resources.filter(({ id }) => id && ids.has(id)).map(({ urn }) => urn));
  return urns.filter((urn) => there.has(urn));
}
