import { largest } from "./extremes";

/** What became of a tag, or what would. */
export type Outcome =
  | "kept"
  /** Moved into the trash. */
  | "gone"
  /** Pushed or deleted by somebody while it was being taken: left to them. */
  | "changed"
  /** The brake holds in its repository. */
  | "held"
  /** Of a new or changed rule, which only reports at first. */
  | "waits"
  /** Nobody asked to take anything. */
  | "goes";

export interface TagReport {
  readonly tag: string;
  readonly digest: string;
  /** ISO time in UTC. */
  readonly pushed: string;
  readonly outcome: Outcome;
  readonly why: string;
}

export interface RepositoryReport {
  readonly repository: string;
  /** The newest first. */
  readonly tags: readonly TagReport[];
  /** Why this repository was left alone. */
  readonly unreadable?: string;
}

export interface RetentionReport {
  /** ISO time in UTC. */
  readonly time: string;
  readonly summary: string;
  /** Rules that only reported, by their paths. */
  readonly newRules: readonly string[];
  /** Those that a rule is about. */
  readonly repositories: readonly RepositoryReport[];
}

const words: { readonly [outcome in Outcome]: string } = {
  kept: "",
  gone: "GONE",
  changed: "CHANGED",
  held: "HELD",
  waits: "WAITS",
  goes: "GOES",
};

/** One line of what a run did. */
export function summaryOf(repositories: readonly RepositoryReport[]): string {
  const all = repositories.flatMap(({ tags }) => tags);
  const count = (outcome: Outcome) => all.filter((tag) => tag.outcome === outcome).length;
  const held = heldIn(repositories).length;
  const unreadable = repositories.filter((one) => one.unreadable !== undefined).length;
  return [
    `${count("gone")} of ${number(all.length, "tag")} went into the trash`,
    ...some(count("goes"), (tags) => `${number(tags, "tag")} would go`),
    ...some(count("waits"), (tags) => `${number(tags, "tag")} would go by new or changed rules`),
    ...some(held, (places) => `the brake holds in ${number(places, "repository", "repositories")}`),
    ...some(count("changed"), (tags) => `${number(tags, "tag")} changed meanwhile and stayed`),
    ...some(unreadable, (places) => `${number(places, "repository", "repositories")} could not be read`),
  ].join("; ");
}

/** The repositories in which the brake holds. */
export function heldIn(repositories: readonly RepositoryReport[]): string[] {
  return repositories
    .filter(({ tags }) => tags.some(({ outcome }) => outcome === "held"))
    .map(({ repository }) => repository);
}

/** The report for a person. */
export function reportText({ time, summary, newRules, repositories }: RetentionReport): string {
  const notes = [
    ...some(
      newRules.length,
      () => `New or changed, and therefore only reporting this time: ${newRules.join(", ")}.`,
    ),
    ...some(
      heldIn(repositories).length,
      () =>
        "Where the brake holds, more than half of the tags would go: `retention --apply` takes them nevertheless.",
    ),
  ];
  const lines = [`${minute(time)} UTC: ${summary}.`, ...notes, ...repositories.flatMap(repositoryLines)];
  return `${lines.join("\n")}\n`;
}

function repositoryLines({ repository, tags, unreadable }: RepositoryReport): string[] {
  if (unreadable !== undefined) return ["", `${repository}: left alone, ${unreadable}`];
  const leaving = tags.filter(({ outcome }) => outcome !== "kept").length;
  const width = largest(tags.map(({ tag }) => tag.length));
  return [
    "",
    `${repository}: ${leaving} of ${number(tags.length, "tag")}`,
    ...tags.map(
      ({ tag, pushed, outcome, why }) =>
        `  ${words[outcome].padEnd(7)} ${tag.padEnd(width)}  ${minute(pushed)}  ${why}`,
    ),
  ];
}

function some(count: number, text: (count: number) => string): string[] {
  return count > 0 ? [text(count)] : [];
}

function number(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** An ISO time to the minute. */
function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
