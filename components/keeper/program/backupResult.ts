import { sizeText } from "./format";
import type { Answer, Context } from "./job";
import { answerOf } from "./requestJob";
import { readState, stateFile } from "./stateFile";
import { noteRun, type Run } from "./status";

/** How an order to the container of backups ended, by what it wrote down. */
export interface OrderResult {
  readonly ok: boolean;
  /** What it says beside that. */
  readonly lines: readonly string[];
}

/** @throws Error if there is no result */
export function orderResult(context: Context): OrderResult {
  const text = context.disk.read(`${context.settings.controlFolder}/backup/result`);
  const [, state, rest = ""] = /^\S+ (ok|failed)\n(.*)$/s.exec(text ?? "") ?? [];
  if (state === undefined) throw new Error("the container of the backups has not said how it ended");
  return { ok: state === "ok", lines: rest.split("\n") };
}

const lastFile = "backup.json";

/** The last backup that succeeded. */
interface LastBackup {
  /** ISO time in UTC. */
  readonly ended: string;
}

/** Notes how a backup ended, and tells whoever asked for it. */
export function noteBackup(context: Context, id: string | undefined): void {
  const { ok, lines } = orderResult(context);
  const [summary = "", size = "", problem = ""] = lines;
  const ended = new Date().toISOString();
  if (ok) context.disk.write(stateFile(context, lastFile), JSON.stringify({ ended } satisfies LastBackup));
  const run = ok ? successOf(ended, summary, size, problem) : failureOf(context, ended, lines);
  noteRun(context, "backup", run);
  answerOf(context, id)?.finish(answerOfRun(run));
}

/** By the two lines of JSON that restic has printed. */
function successOf(ended: string, summary: string, size: string, problem: string): Run {
  const made = numbersIn(summary);
  const added = sizeText(made.data_added_packed ?? made.data_added ?? 0);
  const all = numbersIn(size).total_size;
  const text = [
    `${sizeText(made.total_bytes_processed ?? 0)} of images, ${added} of it new`,
    ...(all === undefined ? [] : [`${sizeText(all)} in the backups`]),
  ].join("; ");
  if (problem === "") return { ended, ok: true, summary: text };
  return { ended, ok: true, summary: text, problem };
}

function failureOf(context: Context, ended: string, [reason = ""]: readonly string[]): Run {
  const last = readState<LastBackup>(context, lastFile);
  const since =
    last === undefined
      ? "there is none yet"
      : `the last one is of ${last.ended.slice(0, 16).replace("T", " ")} UTC`;
  const summary = `the backup failed: ${reason || "nobody knows why"}; ${since}`;
  return { ended, ok: false, summary, problem: summary };
}

function answerOfRun({ ok, summary, problem = "" }: Run): Answer {
  const text = ok && problem !== "" ? `${summary}\n${problem}\n` : `${summary}\n`;
  const more = ok
    ? "It is worth nothing without its password and the state: npm run backup-state keeps both.\n"
    : "";
  return {
    text: `${text}${more}`,
    json: { ok, summary, problem: problem || null },
    failed: !ok || problem !== "",
  };
}

/** The numbers of a line of JSON; none if it is no such line. */
function numbersIn(line: string): { readonly [key: string]: number | undefined } {
  try {
    const value: unknown = JSON.parse(line);
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter(([, each]) => typeof each === "number"));
  } catch {
    return {};
  }
}
