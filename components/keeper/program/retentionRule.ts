import { anyGlob, type Match } from "./glob";
import type { RetentionRule } from "./settings";

/** A rule whose patterns can be asked. */
export interface Rule {
  /** In the list of rules. */
  readonly place: number;
  /** Tells it from other rules in a sentence; empty if there are none. */
  readonly name: string;
  readonly isAboutRepository: Match;
  readonly isAbout: Match;
  readonly keeps: Match;
  readonly keepNewest: number;
  readonly maxTags?: number;
  readonly deleteAfterDays?: number;
}

/** What a rule says of a tag. That it says nothing does not keep the tag from another rule. */
export interface Opinion {
  readonly place: number;
  readonly says: "keeps" | "takes" | "nothing";
  readonly why: string;
}

const day = 24 * 60 * 60 * 1000;

export function ruleOf(rule: RetentionRule, place: number, rules: readonly RetentionRule[]): Rule {
  const { repositories, tags, keepTags, ...numbers } = rule;
  return {
    ...numbers,
    place,
    name: rules.length > 1 ? ` (retention[${place}])` : "",
    isAboutRepository: anyGlob(repositories),
    isAbout: anyGlob(tags),
    keeps: anyGlob(keepTags),
  };
}

/**
 * @param rank - of the tag among those that the rule is about: 0 is the newest
 * @param age - in milliseconds
 */
export function opinionOf(rule: Rule, rank: number, age: number): Opinion {
  const { place, name, keepNewest, maxTags, deleteAfterDays } = rule;
  const days = Math.max(0, Math.floor(age / day));
  const old = `${days} ${days === 1 ? "day" : "days"} old`;
  const number = `number ${rank + 1} from the newest`;
  if (rank < keepNewest) {
    const newest = keepNewest === 1 ? "the newest" : `one of the ${keepNewest} newest`;
    return { place, says: "keeps", why: `${newest}${name}` };
  }
  if (deleteAfterDays !== undefined && age > deleteAfterDays * day) {
    return { place, says: "takes", why: `${old}, and deleteAfterDays is ${deleteAfterDays}${name}` };
  }
  if (maxTags !== undefined && rank >= maxTags) {
    return { place, says: "takes", why: `${number}, and maxTags is ${maxTags}${name}` };
  }
  return { place, says: "nothing", why: `${spared(rule, old, number)}${name}` };
}

function spared({ maxTags, deleteAfterDays }: Rule, old: string, number: string): string {
  if (deleteAfterDays !== undefined) return `${old}, and deleteAfterDays is ${deleteAfterDays}`;
  return maxTags === undefined ? "the rule has no limit" : `${number}, and maxTags is ${maxTags}`;
}
