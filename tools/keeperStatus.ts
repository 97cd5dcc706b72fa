import { isTextMap } from "../components/base/values";
import { controlPath, filesPath } from "../components/docker/paths";
import { keeperRole, proxyRole } from "../components/docker/roles";
import { scheduleFile } from "../components/keeper/keeperSettings";
import { type Inspected, instanceOf, isWell, roleOf } from "./containers";
import { capture } from "./process";

/** What a keeper says of itself: its schedule, then its status if there is one. */
const readIt = `cat ${filesPath}/current/${scheduleFile}; cat ${controlPath}/state/status.json 2>/dev/null`;

/** Seconds after which a flag is old: the keeper writes that of the disk every five, those of quotas every sixty. */
const flagAge = 120;
/** When each flag was last written, and what it answers. */
const readFlags = `cd ${controlPath}/flags && for flag in *; do case $flag in disk | quota-*) stat -c %Y "$flag" && cat "$flag" ;; esac; done`;

/** What a keeper refuses pushes for, by what the proxy beside it would answer. */
export async function refusalLines(containers: readonly Inspected[], now: Date): Promise<string[]> {
  const proxies = containers.filter(
    (container) => roleOf(container) === proxyRole && container.State.Status === "running",
  );
  const lines = proxies.map(async (container) => {
    const { stdout } = await capture("docker", ["exec", container.Id, "sh", "-c", readFlags]);
    return refusals(stdout, now).map((text) => `pushes to ${instanceOf(container)}: ${text}`);
  });
  return (await Promise.all(lines)).flat();
}

/** The messages in flags; with how long ago, where the keeper writes them no more. */
export function refusals(text: string, now: Date): string[] {
  return [...text.matchAll(/^(\d+)\n(\{.*\})$/gm)].flatMap(([, time = "", answer = ""]) => {
    const message = /"message":"([^"]*)"/.exec(answer)?.[1];
    if (message === undefined) return [];
    const seconds = Math.round(now.getTime() / 1000 - Number(time));
    return seconds <= flagAge
      ? [`REFUSED: ${message}`]
      : [`REFUSED by a keeper that has not looked for ${Math.round(seconds / 60)} minutes: ${message}`];
  });
}

/** Of each keeper that runs: its last collection and backup, the next ones, and a problem that holds. */
export async function keeperLines(containers: readonly Inspected[]): Promise<string[]> {
  const keepers = containers.filter(
    (container) => roleOf(container) === keeperRole && container.State.Status === "running",
  );
  const lines = keepers.map(async (container) => {
    const { stdout } = await capture("docker", ["exec", container.Id, "sh", "-c", readIt]);
    const report = container.State.Health?.Log?.at(-1)?.Output.trim();
    return [
      collectionLine(stdout, new Date()),
      ...backupLines(stdout),
      ...(isWell(container) || !report ? [] : [report]),
    ].map((line) => `keeper of ${instanceOf(container)}: ${line}`);
  });
  return (await Promise.all(lines)).flat();
}

/** The last collection and the next one, from what a keeper says of itself. */
export function collectionLine(text: string, now: Date): string {
  const next = `next at ${assigned(text, "COLLECT_AT")} ${assigned(text, "TIME_ZONE")}`;
  const last = lastRun(text, "collection");
  return last === undefined
    ? `no collection yet, ${next}`
    : `last collection ${whenOf(last)}${sinceThen(last.ended, now)}: ${last.summary}; ${next}`;
}

/** How long there was no run, where that is longer than it may be. */
function sinceThen(ended: string, now: Date): string {
  const hours = Math.floor((now.getTime() - Date.parse(ended)) / 3_600_000);
  return hours > 25 ? `, NONE FOR ${hours} HOURS` : "";
}

/** The last backup and the next one; none where there are no backups. */
export function backupLines(text: string): string[] {
  if (!/^BACKUP_AT='/m.test(text)) return [];
  const next = `next at ${assigned(text, "BACKUP_AT")} ${assigned(text, "TIME_ZONE")}`;
  const last = lastRun(text, "backup");
  if (last === undefined) return [`no backup yet, ${next}`];
  return [
    `last backup ${whenOf(last)}: ${last.summary}${last.problem && last.ok ? `; PROBLEM: ${last.problem}` : ""}; ${next}`,
  ];
}

function whenOf({ ended, ok }: { readonly ended: string; readonly ok: boolean }): string {
  return `${ended.slice(0, 16).replace("T", " ")} UTC${ok ? "" : ", FAILED"}`;
}

function assigned(text: string, name: string): string {
  return new RegExp(`^${name}='(.*)'$`, "m").exec(text)?.[1] ?? "?";
}

function lastRun(text: string, job: "collection" | "backup") {
  const status = parsed(text.slice(text.indexOf("\n{")));
  const runs = isTextMap(status) ? status.runs : undefined;
  const run = isTextMap(runs) ? runs[job] : undefined;
  if (!isTextMap(run)) return undefined;
  return {
    ended: String(run.ended),
    ok: run.ok === true,
    summary: String(run.summary),
    problem: typeof run.problem === "string" ? run.problem : "",
  };
}

/** What a full disk has cut off tells nothing. */
function parsed(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
