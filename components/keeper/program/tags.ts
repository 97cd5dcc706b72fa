import { deletedTags } from "./deletedTags";
import { factsReader } from "./facts";
import { minuteText, shortDigest, sizeText, table } from "./format";
import type { Answer, Context } from "./job";
import { layoutOf } from "./layout";
import { checkRepository, referenceOf, tagsOf } from "./repository";
import type { Request } from "./request";
import { nextRetention } from "./retentionJob";
import type { Outcome } from "./retentionReport";

interface Row {
  readonly tag: string;
  /** ISO time in UTC. */
  readonly pushed: string;
  readonly digest: string;
  readonly bytes: number;
  readonly platforms: readonly string[];
  /** Why nobody can pull it; null where nothing of the kind was seen, for which `verify` looks further. */
  readonly problem: string | null;
  /** What the next run of retention would do with it; null where no rule is about the repository. */
  readonly retention: { readonly outcome: Outcome; readonly why: string } | null;
}

/** The tags of a repository, the newest first. */
export function tags(context: Context, request: Request): Answer {
  const { disk, settings, say } = context;
  const layout = layoutOf(settings.dataFolder);
  const { repository } = referenceOf(request);
  checkRepository(disk, layout, repository);
  const factsOf = factsReader(disk, layout);
  const all = tagsOf(disk, layout, repository);
  const next = new Map(nextRetention(context, repository).map((report) => [report.tag, report]));
  const rows = all.map(({ name, link, fault }, index): Row => {
    if (index % 100 === 0) say(`tag ${index + 1} of ${all.length}`);
    const facts = fault === undefined ? factsOf(link.digest) : undefined;
    const judged = next.get(name);
    return {
      tag: name,
      pushed: new Date(link.stat.modified).toISOString(),
      digest: link.digest,
      bytes: facts?.bytes ?? 0,
      platforms: facts?.platforms ?? [],
      problem: fault ?? facts?.fault ?? null,
      retention: judged === undefined ? null : { outcome: judged.outcome, why: judged.why },
    };
  });
  rows.sort((a, b) => Date.parse(b.pushed) - Date.parse(a.pushed) || (a.tag < b.tag ? -1 : 1));
  const deleted = deletedTags(context, layout, repository);
  return { text: textOf(repository, rows), json: { repository, tags: rows, deleted } };
}

function textOf(repository: string, rows: readonly Row[]): string {
  if (rows.length === 0) return `no tags in ${repository}\n`;
  return table(
    ["TAG", "PUSHED", "SIZE|", "DIGEST", "PLATFORMS"],
    rows.map(({ tag, pushed, bytes, digest, platforms, problem }) => [
      tag,
      minuteText(Date.parse(pushed)),
      sizeText(bytes),
      shortDigest(digest),
      problem ?? platforms.join(", "),
    ]),
  );
}
