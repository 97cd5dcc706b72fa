import type { Repository, Tag } from "../../../components/keeper/program/retention";
import type { RetentionRule } from "../../../components/keeper/program/settings";
import { type Random, randomOf } from "../walk/random";

/** A repository with a history, and rules for it. */
export interface Case {
  readonly rules: readonly RetentionRule[];
  readonly repository: Repository;
  readonly now: number;
}

export const day = 24 * 60 * 60 * 1000;

const now = Date.UTC(2026, 2, 1, 3, 30);
const subjects = ["a", "b", "c"].map((digit) => digit.repeat(64));

/** The hex digits of manifests that the repositories of all cases have or had; of the third subject they know nothing. */
export const manifests = subjects.slice(0, 2);

/** The cases of a seed, always the same. */
export function retentionCases(seed: string, count: number): Case[] {
  return Array.from({ length: count }, (_, number) => oneCase(randomOf(seed, number)));
}

function oneCase(random: Random): Case {
  const names = [
    ...["latest", "stable", "v1", "v1.0", "v1.1", "v2.0", "pr-1", "pr-2", "pr-30", "main", "main-7"],
    ...Array.from({ length: random.below(25) }, (_, number) => `build-${number}`),
    ...subjects.flatMap((hex) => ["", ".sig", ".att", ".sbom", ".other"].map((end) => `sha256-${hex}${end}`)),
  ];
  const tags = random.shuffled(names).slice(0, random.below(names.length));
  const immutableTags = random.below(3) === 0 ? random.shuffled(names).slice(0, 2) : [];
  return {
    rules: Array.from({ length: 1 + random.below(3) }, () => oneRule(random)),
    repository: {
      name: random.pick(["app", "team/app", "team/sub/app"]),
      tags: tags.map((name) => oneTag(random, name)),
      isManifest: (digest) => manifests.some((hex) => digest === `sha256:${hex}`),
      isImmutable: (name) => immutableTags.includes(name),
    },
    now,
  };
}

function oneTag(random: Random, name: string): Tag {
  // Whole and half days, so that some have the same time, some the very limit, and some are of the future.
  const age = (random.below(80) - 2) * (day / 2);
  return { name, digest: `sha256:${random.pick(subjects)}`, pushed: now - age };
}

function oneRule(random: Random): RetentionRule {
  const some = <Value>(value: Value) => (random.below(2) === 0 ? value : undefined);
  const patterns = ["*", "v*", "pr-*", "*-*", "build-1*", "latest", "sha256-*", "v*.*"];
  return {
    repositories: [random.pick(["**", "*", "team/**", "team/*", "app", "other"])],
    tags: random.below(2) === 0 ? ["*"] : random.shuffled(patterns).slice(0, 2),
    keepNewest: random.below(5),
    maxTags: some(1 + random.below(12)),
    deleteAfterDays: some(1 + random.below(30)),
    keepTags: random.below(2) === 0 ? [] : random.shuffled(patterns.slice(1)).slice(0, 2),
  };
}
