import type { Match } from "./glob";
import { type Opinion, opinionOf, type Rule, ruleOf } from "./retentionRule";
import type { RetentionRule } from "./settings";
import { subjectOfTag } from "./signatures";

/** A tag as it is judged. */
export interface Tag {
  readonly name: string;
  readonly digest: string;
  /** When it was pushed, in milliseconds since 1970. */
  readonly pushed: number;
}

/** A repository as it is judged. */
export interface Repository {
  readonly name: string;
  readonly tags: readonly Tag[];
  /** Whether a digest is or was a manifest of this repository. */
  readonly isManifest: (digest: string) => boolean;
  /** Tags that no rule takes, and nobody. */
  readonly isImmutable?: Match;
}

/** What becomes of a tag. */
export interface Verdict {
  readonly tag: Tag;
  /** A sentence for a person: "kept: one of the 3 newest". */
  readonly why: string;
  /** The rules that take it, by their places in the list; none if it stays. */
  readonly takenBy: readonly number[];
  /** Whether it lives as long as the manifest that it signs or describes, and no rule counts it. */
  readonly isSignature: boolean;
}

/** What the rules say of the tags of a repository, the newest first. */
export type Retention = (repository: Repository, now: number) => Verdict[];

/**
 * Which tags go, by rules that add up: a tag goes if a rule that is about it takes it, because it is older than
 * `deleteAfterDays` or beyond the `maxTags` newest, and no rule keeps it, by `keepNewest` or `keepTags`. So each rule
 * can only be overruled towards keeping.
 *
 * A rule counts the tags that it is about from the newest on. Not counted are tags that always stay, by a `keepTags` of
 * any rule of this repository or because they are immutable, and signatures: they follow what they sign.
 */
export function retention(rules: readonly RetentionRule[]): Retention {
  const all = rules.map(ruleOf);
  return (repository, now) => {
    const about = all.filter((rule) => rule.isAboutRepository(repository.name));
    const judged = [...repository.tags].sort(newestFirst).map((tag) => {
      const isSignature = signs(repository, tag);
      return { tag, isSignature, always: alwaysKept(repository, about, tag, isSignature) };
    });
    const counted = judged.flatMap(({ tag, always }) => (always === undefined ? [tag] : []));
    const opinions = opinionsOf(about, counted, now);
    return judged.map(({ tag, isSignature, always }) => ({
      tag,
      isSignature,
      ...(always === undefined ? addedUp(opinions.get(tag) ?? []) : { why: `kept: ${always}`, takenBy: [] }),
    }));
  };
}

/** Pushed at the same time, as after a copy that lost the times, the later name counts as the newer. */
function newestFirst(one: Tag, other: Tag): number {
  return other.pushed - one.pushed || (one.name < other.name ? 1 : -1);
}

function signs({ isManifest }: Repository, { name, digest }: Tag): boolean {
  const subject = subjectOfTag(name, digest);
  return subject !== undefined && isManifest(subject);
}

function alwaysKept(
  { isImmutable }: Repository,
  about: readonly Rule[],
  { name }: Tag,
  isSignature: boolean,
): string | undefined {
  if (isSignature) return "a signature, which stays as long as what it signs";
  if (isImmutable?.(name)) return "immutable";
  const keeper = about.find(({ keeps }) => keeps(name));
  return keeper && `in keepTags${keeper.name}`;
}

function opinionsOf(about: readonly Rule[], counted: readonly Tag[], now: number): Map<Tag, Opinion[]> {
  const opinions = new Map<Tag, Opinion[]>(counted.map((tag) => [tag, []]));
  for (const rule of about) {
    const ranked = counted.filter(({ name }) => rule.isAbout(name));
    for (const [rank, tag] of ranked.entries()) {
      opinions.get(tag)?.push(opinionOf(rule, rank, now - tag.pushed));
    }
  }
  return opinions;
}

function addedUp(opinions: readonly Opinion[]): Pick<Verdict, "why" | "takenBy"> {
  const [keeps] = opinions.filter(({ says }) => says === "keeps");
  const takes = opinions.filter(({ says }) => says === "takes");
  if (keeps === undefined && takes.length > 0) {
    return { why: `goes: ${reasons(takes)}`, takenBy: takes.map(({ place }) => place) };
  }
  return { why: `kept: ${keeps?.why ?? (reasons(opinions) || "no rule is about it")}`, takenBy: [] };
}

function reasons(opinions: readonly Opinion[]): string {
  return opinions.map(({ why }) => why).join("; ");
}
