import { diskTime } from "./clock";
import { anyGlob } from "./glob";
import { immutableTagsIn } from "./immutableTags";
import { type Answer, type Context, Unreadable } from "./job";
import { type Layout, layoutOf } from "./layout";
import { checkPlace } from "./place";
import { type Retention, retention, type Verdict } from "./retention";
import { newRules, rememberRules } from "./retentionMemory";
import { outcomesOf, type RetentionMode, tagReports } from "./retentionOutcome";
import {
  heldIn,
  type RepositoryReport,
  type RetentionReport,
  reportText,
  summaryOf,
  type TagReport,
} from "./retentionReport";
import { manifestsEver, manifestsTrashed } from "./signatures";
import { stateFile } from "./stateFile";
import { noteRun } from "./status";
import { takeTags } from "./takeTags";
import { type Link, repositoryNames, tagLinks, tagNames } from "./walk";

/** Who asks for retention, and how far it may go. */
export interface RetentionRun {
  readonly mode: RetentionMode;
  readonly user?: string;
}

/** What a run needs of one repository after the other. */
interface Run extends RetentionRun {
  readonly context: Context;
  readonly layout: Layout;
  readonly now: number;
  readonly judge: Retention;
  /** By the places of the rules in their list. */
  readonly isNew: readonly boolean[];
}

/** Takes the tags that the rules let go from all repositories. What was taken can be had back by `restore`. */
export function runRetention(context: Context, run: RetentionRun): Answer {
  try {
    if (run.mode !== "report" && context.settings.retention.length > 0) checkPlace(context);
    const report = judgeAll(context, run);
    const text = reportText(report);
    if (run.mode !== "report") note(context, report, text);
    return { text, json: report };
  } catch (error) {
    const summary = `retention stopped: ${error instanceof Error ? error.message : String(error)}`;
    if (run.mode !== "report")
      noteRun(context, "retention", { ...ended(), ok: false, summary, problem: summary });
    throw error;
  }
}

/** The daily run. Rules of which nothing is known yet are still new after a time in which the registry was read-only. */
export function scheduledRetention(context: Context): void {
  if (!context.settings.readOnly) runRetention(context, { mode: "scheduled" });
  else noteRun(context, "retention", { ...ended(), ok: true, summary: "none: the registry is read-only" });
}

/** What a person is told who asks for retention: with the flag `apply` it is done at once, otherwise it is looked at. */
export function answerRetention(
  context: Context,
  { user, flags }: { readonly user: string; readonly flags: readonly string[] },
): Answer {
  const answer = runRetention(context, { mode: flags.includes("apply") ? "apply" : "report", user });
  return context.settings.retention.length > 0 ? answer : { ...answer, text: withoutRules };
}

const withoutRules =
  'There are no rules of retention, so no tag goes by itself. They are written in the settings, under "retention".\n';

/** The report of the last run that was more than a look. */
export function reportFiles(context: Context): { readonly text: string; readonly json: string } {
  return {
    text: stateFile(context, "retention-report.txt"),
    json: stateFile(context, "retention-report.json"),
  };
}

/** What the next run would do with each tag of one repository; nothing where no rule is about it. */
export function nextRetention(context: Context, repository: string): readonly TagReport[] {
  const { settings } = context;
  if (!anyGlob(settings.retention.flatMap((rule) => rule.repositories))(repository)) return [];
  return oneRepository(runOf(context, { mode: "report" }), repository).tags;
}

function runOf(context: Context, { mode, user }: RetentionRun): Run {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const isNew = mode === "apply" ? settings.retention.map(() => false) : newRules(context);
  return { mode, user, context, layout, now, judge: retention(settings.retention), isNew };
}

function judgeAll(context: Context, asked: RetentionRun): RetentionReport {
  const { disk, settings, say } = context;
  const run = runOf(context, asked);
  const { layout, now, isNew } = run;
  const isAbout = anyGlob(settings.retention.flatMap((rule) => rule.repositories));
  const names = repositoryNames(disk, layout).filter(isAbout);
  const repositories = names.map((name, index) => {
    if (index % 100 === 0) say(`retention: repository ${index + 1} of ${names.length}`);
    return oneRepository(run, name);
  });
  return {
    time: new Date(now).toISOString(),
    summary: summaryOf(repositories),
    newRules: isNew.flatMap((isNew, place) => (isNew ? [`retention[${place}]`] : [])),
    repositories,
  };
}

function oneRepository(run: Run, repository: string): RepositoryReport {
  const { context, mode, isNew } = run;
  const links = linksOf(run, repository);
  if (links instanceof Unreadable) return { repository, tags: [], unreadable: links.message };
  const verdicts = judged(run, repository, links);
  const outcomes = outcomesOf(verdicts, mode, isNew);
  if (mode === "report") return { repository, tags: tagReports(verdicts, outcomes) };
  const leaving = verdicts.flatMap(({ tag: { name } }, index) => {
    const link = links.get(name);
    return link !== undefined && outcomes[index] === "goes" ? [{ name, link }] : [];
  });
  const reason = { kind: "retention", user: run.user, repository } as const;
  const gone = takeTags(context, reason, repository, leaving);
  return { repository, tags: tagReports(verdicts, outcomes, gone) };
}

function linksOf({ context, layout }: Run, repository: string): Map<string, Link> | Unreadable {
  try {
    return tagLinks(context.disk, layout, repository);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function judged({ context, layout, judge, now }: Run, name: string, links: Map<string, Link>): Verdict[] {
  const tags = [...links].map(([tag, { digest, stat }]) => ({ name: tag, digest, pushed: stat.modified }));
  const place = { disk: context.disk, layout, repository: name };
  const known = () => tagNames(context.disk, layout, name);
  const isManifest = manifestsEver(place, known, manifestsTrashed(place));
  return judge({ name, tags, isManifest, isImmutable: immutableTagsIn(context.settings, name) }, now);
}

function note(context: Context, report: RetentionReport, text: string): void {
  const files = reportFiles(context);
  context.disk.write(files.text, text);
  context.disk.write(files.json, `${JSON.stringify(report)}\n`);
  // Only now: a rule counts as known once there is a report that says what it will take.
  rememberRules(context);
  const unread = report.repositories.flatMap(({ repository, unreadable }) =>
    unreadable ? [repository] : [],
  );
  const problems = [
    ...problem(
      "the brake of retention holds in",
      heldIn(report.repositories),
      "see `retention`, go on with `retention --apply`",
    ),
    ...problem("retention cannot read", unread, "see `verify`"),
  ];
  noteRun(context, "retention", {
    ...ended(),
    ok: unread.length === 0,
    summary: report.summary,
    done: goneIn(report),
    ...(problems.length > 0 && { problem: problems.join("; ") }),
  });
}

function goneIn({ repositories }: RetentionReport): number {
  return repositories.reduce(
    (sum, { tags }) => sum + tags.filter(({ outcome }) => outcome === "gone").length,
    0,
  );
}

function problem(what: string, repositories: readonly string[], remedy: string): string[] {
  if (repositories.length === 0) return [];
  const more = repositories.length > 3 ? ` and ${repositories.length - 3} more` : "";
  return [`${what} ${repositories.slice(0, 3).join(", ")}${more}: ${remedy}`];
}

function ended(): { readonly ended: string } {
  return { ended: new Date().toISOString() };
}
