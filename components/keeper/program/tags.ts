import { factsReader } from "./facts";
import { minuteText, shortDigest, sizeText, table } from "./format";
import type { Answer, Context } from "./job";
import { layoutOf } from "./layout";
import { checkRepository, referenceOf, tagsOf } from "./repository";
import type { Request } from "./request";

interface Row {
  readonly tag: string;
  /** ISO time in UTC. */
  readonly pushed: string;
  readonly digest: string;
  readonly bytes: number;
  readonly platforms: readonly string[];
  /** Why nobody can pull it; null where nothing of the kind was seen, for which `verify` looks further. */
  readonly problem: string | null;
}

/** The tags of a repository, the newest first. */
export function tags({ disk, settings, say }: Context, request: Request): Answer {
  const layout = layoutOf(settings.dataFolder);
  const { repository } = referenceOf(request);
  checkRepository(disk, layout, repository);
  const factsOf = factsReader(disk, layout);
  const all = tagsOf(disk, layout, repository);
  const rows = all.map(({ name, link, fault }, index): Row => {
    if (index % 100 === 0) say(`tag ${index + 1} of ${all.length}`);
    const facts = fault === undefined ? factsOf(link.digest) : undefined;
    return {
      tag: name,
      pushed: new Date(link.stat.modified).toISOString(),
      digest: link.digest,
      bytes: facts?.bytes ?? 0,
      platforms: facts?.platforms ?? [],
      problem: fault ?? facts?.fault ?? null,
    };
  });
  rows.sort((a, b) => Date.parse(b.pushed) - Date.parse(a.pushed) || (a.tag < b.tag ? -1 : 1));
  return { text: textOf(repository, rows), json: { repository, tags: rows } };
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
