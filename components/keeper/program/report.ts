import { statfsSync } from "node:fs";
import { minuteText, sizeText, table } from "./format";
import type { Answer, Context } from "./job";
import { layoutOf } from "./layout";
import { runRetention } from "./retentionJob";
import { type RepositoryBytes, type Space, spaceOf } from "./space";
import { type Run, readStatus } from "./status";
import { type TrashedBatch, trashed } from "./trashed";

interface Report extends Space {
  /** The file system of the images, in bytes. */
  readonly volume: { readonly bytes: number; readonly freeBytes: number };
  readonly trash: readonly TrashedBatch[];
  readonly runs: { readonly [job: string]: Run };
  readonly problem: string | null;
  /** What retention would do now; null without rules. */
  readonly retention: string | null;
  /** When the next retention and collection begin. */
  readonly next: string | null;
}

/** What takes which space, what the keeper has done and when it does what next. */
export function report(context: Context): Answer {
  const { settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const { runs, problem = null } = readStatus(context);
  const trash = trashed(context, layout);
  const known: Report = {
    ...spaceOf(context, layout),
    volume: volumeOf(settings.dataFolder),
    trash,
    runs,
    problem,
    retention: retentionLine(context),
    next: settings.collectAt ?? null,
  };
  return { text: textOf(known, settings.untaggedSeconds !== undefined), json: known };
}

/** What an unprivileged program may still write counts as free, as for the guard of the disk. */
function volumeOf(folder: string): Report["volume"] {
  const { bsize, blocks, bavail } = statfsSync(folder);
  return { bytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** The first line of what the job itself answers: `retention` shows the rest. */
function retentionLine(context: Context): string | null {
  if (context.settings.retention.length === 0) return null;
  const [line = ""] = runRetention(context, { mode: "report" }).text.split("\n");
  return line;
}

function textOf(
  { repositories, disk, trash, runs, problem, retention, next }: Report,
  untaggedGo: boolean,
): string {
  const lines: readonly [size: number, what: string][] = [
    [disk.taggedBytes, "needed by tags"],
    [disk.untaggedBytes, `only in manifests without a tag: ${untaggedGo ? "they go after a while" : "kept"}`],
    [disk.unreferencedBytes, "in no manifest: goes with a later collection, unless it is being pushed"],
    [disk.bytes, "in all, where the registry sees it"],
    [
      trash.reduce((sum, { bytes }) => sum + bytes, 0),
      trash.length === 0 ? "in the trash" : `in the trash, the newest until ${trash[0]?.until}`,
    ],
  ];
  const jobs = Object.entries(runs).map(([job, { ended, summary }]) => [
    job,
    minuteText(Date.parse(ended)),
    summary,
  ]);
  return [
    repositoriesText(repositories),
    `\n${table(
      ["SIZE|", "ON THE DISK"],
      lines.map(([size, what]) => [sizeText(size), what]),
    )}`,
    jobs.length > 0 ? `\n${table(["LAST RUN OF", "ENDED", "WHAT IT DID"], jobs)}` : "\nnothing has run yet\n",
    retention === null ? "" : `\nRetention, if it ran now: ${retention}\n`,
    next === null ? "" : `Next: ${next}\n`,
    problem === null ? "" : `\nproblem: ${problem}\n`,
  ].join("");
}

function repositoriesText(repositories: readonly RepositoryBytes[]): string {
  if (repositories.length === 0) return "no repositories yet\n";
  const rows = repositories.map((one) => [
    one.repository,
    String(one.tags),
    String(one.untagged),
    ...[one.bytes, one.uniqueBytes, one.sharedBytes, one.untaggedBytes].map(sizeText),
  ]);
  return table(["REPOSITORY", "TAGS|", "UNTAGGED|", "SIZE|", "UNIQUE|", "SHARED|", "OF UNTAGGED|"], rows);
}
