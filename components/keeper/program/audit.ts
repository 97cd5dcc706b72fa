import { auditFolder } from "./auditFolder";
import { counted, minuteText, shortDigest, table } from "./format";
import { type Answer, type Context, Refusal } from "./job";
import type { Request } from "./request";
import type { Settings } from "./settings";

/** A line of the proxy's log. */
interface Entry {
  readonly time: string;
  readonly action: string;
  readonly user: string;
  readonly login: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly status: number;
  readonly registry_status: number | null;
  readonly client: string;
  readonly path: string;
}

/** Lines that are shown at most: to a person, and to a program. */
const [mostShown, mostGiven] = [1000, 20_000];

/** What was written and refused, the newest first. */
export function audit(context: Context, request: Request): Answer {
  const { disk, settings, say } = context;
  if (settings.auditDays === undefined) {
    throw new Refusal(
      "nobody writes down who did what: log.auditDays of the stack's settings is the number of days for which it is kept",
    );
  }
  const most = request.flags.includes("json") ? mostGiven : mostShown;
  const found: Entry[] = [];
  for (const day of daysOf(context).reverse()) {
    if (found.length > most || (request.since !== undefined && day < request.since)) break;
    say(`reading ${day}`);
    const lines = (disk.read(fileOf(settings, day)) ?? "").split("\n").reverse();
    for (const line of lines) {
      const entry = entryOf(line);
      if (entry !== undefined && isMeant(entry, request)) found.push(entry);
      if (found.length > most) break;
    }
  }
  const shown = found.slice(0, most);
  return { text: textOf(shown, found.length > most), json: { entries: shown, more: found.length > most } };
}

/** Removes what is older than the settings say: all of it, where they say nothing. */
export function tidyAudit(context: Context, now: number): void {
  const { auditDays } = context.settings;
  // A day ends where the proxy is, which may be half a day later.
  const oldest = new Date(now - (auditDays ?? 0) * 86_400_000 - 43_200_000).toISOString().slice(0, 10);
  for (const day of daysOf(context)) {
    if (auditDays === undefined || day < oldest) context.disk.removeFile(fileOf(context.settings, day));
  }
}

function daysOf({ disk, settings }: Context): string[] {
  return (disk.names(`${settings.controlFolder}/${auditFolder}`) ?? [])
    .flatMap((name) => /^([0-9]{4}-[0-9]{2}-[0-9]{2})\.jsonl$/.exec(name)?.[1] ?? [])
    .sort();
}

function fileOf({ controlFolder }: Settings, day: string): string {
  return `${controlFolder}/${auditFolder}/${day}.jsonl`;
}

/** A line that a full disk has cut off tells nothing. */
function entryOf(line: string): Entry | undefined {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isMeant(entry: Entry, { repository, by, flags }: Request): boolean {
  return (
    (repository === undefined || entry.repository === repository) &&
    (by === undefined || entry.user === by) &&
    (!flags.includes("refused") || isRefused(entry))
  );
}

function isRefused({ status }: Entry): boolean {
  return status >= 400 && status !== 499;
}

function textOf(entries: readonly Entry[], hasMore: boolean): string {
  if (entries.length === 0) return "nothing of that kind was written down\n";
  const rows = entries.map((entry) => [
    minuteText(Date.parse(entry.time)),
    entry.user || "-",
    entry.action === "keeper" ? `images ${entry.path.slice("/_keeper/".length)}` : entry.action,
    subjectOf(entry),
    isRefused(entry) ? `refused (${entry.status})` : "done",
    entry.client,
  ]);
  const more = hasMore
    ? `only the newest ${counted(entries.length, "line")}: --since, --by and a repository leave others out\n`
    : "";
  return `${table(["TIME", "USER", "WHAT", "ON", "RESULT", "FROM"], rows)}${more}`;
}

function subjectOf({ repository, tag, digest }: Entry): string {
  if (repository === "") return "-";
  if (tag !== "") return `${repository}:${tag}`;
  return digest === "" ? repository : `${repository}@${shortDigest(digest)}`;
}
