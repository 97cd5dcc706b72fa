import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Retention, retention, type Tag } from "../../../components/keeper/program/retention";
import type { RetentionRule } from "../../../components/keeper/program/settings";
import { type Case, day, manifests, retentionCases } from "../../support/keeper/retentionCases";
import { randomOf } from "../../support/walk/random";

const cases = retentionCases("retention", 3000);

const judge = ({ rules, repository, now }: Case) => retention(rules)(repository, now);

/** The names of the tags that go, in the order of the alphabet. */
const goes = (one: Case) =>
  judge(one)
    .filter(({ takenBy }) => takenBy.length > 0)
    .map(({ tag }) => tag.name)
    .sort();

const withTags = (one: Case, tags: readonly Tag[]): Case => ({
  ...one,
  repository: { ...one.repository, tags },
});

const without = (one: Case, names: readonly string[]): Case =>
  withTags(
    one,
    one.repository.tags.filter(({ name }) => !names.includes(name)),
  );

/** The rules that are about the repository of a case, told in regular expressions. */
function rulesOf({ rules, repository }: Case): RetentionRule[] {
  return rules.filter((rule) => isIn(repository.name, rule.repositories));
}

function isIn(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replaceAll(".", "[.]").replace(/\*+/g, (run) => (run.length > 1 ? ".*" : "[^/]*"));
    return new RegExp(`^${source}$`).test(text);
  });
}

const signatureEnds = ["", ".sig", ".att", ".sbom"];
const signatures = manifests.flatMap((hex) => signatureEnds.map((end) => `sha256-${hex}${end}`));

/** One that is named by its own digest signs nothing. */
const signs = ({ name, digest }: Tag) =>
  signatures.includes(name) && !name.startsWith(digest.replace(":", "-"));

function staysAlways(one: Case, tag: Tag): boolean {
  const { name } = tag;
  return (
    signs(tag) ||
    one.repository.isImmutable?.(name) === true ||
    rulesOf(one).some(({ keepTags }) => isIn(name, keepTags))
  );
}

/** The tags that a rule counts. */
const countedBy = (one: Case, rule: RetentionRule) =>
  one.repository.tags.filter((tag) => isIn(tag.name, rule.tags) && !staysAlways(one, tag));

/** What goes, worked out for each tag alone, by counting how many are newer. */
function plainly(one: Case): string[] {
  const leaves = (tag: Tag) => {
    if (staysAlways(one, tag)) return false;
    let isTaken = false;
    for (const rule of rulesOf(one)) {
      const counted = countedBy(one, rule);
      if (!counted.includes(tag)) continue;
      const newer = counted.filter(
        ({ pushed, name }) => pushed > tag.pushed || (pushed === tag.pushed && name > tag.name),
      ).length;
      if (newer < rule.keepNewest) return false;
      const isOld = rule.deleteAfterDays !== undefined && one.now - tag.pushed > rule.deleteAfterDays * day;
      if (isOld || newer >= (rule.maxTags ?? Number.POSITIVE_INFINITY)) isTaken = true;
    }
    return isTaken;
  };
  return one.repository.tags
    .filter(leaves)
    .map(({ name }) => name)
    .sort();
}

describe("retention, over thousands of histories", () => {
  test("takes what a plain reading of the rules takes", () => {
    let taken = 0;
    for (const one of cases) {
      const expected = plainly(one);
      assert.deepEqual(goes(one), expected, JSON.stringify(one));
      taken += expected.length;
    }
    assert.ok(taken > 3000, `${taken} tags went, too few to tell anything`);
  });

  test("never leaves fewer than keepNewest of the tags that a rule is about", () => {
    for (const one of cases) {
      const gone = goes(one);
      for (const rule of rulesOf(one)) {
        const about = one.repository.tags.filter(({ name }) => isIn(name, rule.tags));
        const left = about.filter(({ name }) => !gone.includes(name));
        assert.ok(left.length >= Math.min(rule.keepNewest, about.length), JSON.stringify(one));
      }
    }
  });

  test("twice is once", () => {
    for (const one of cases) assert.deepEqual(goes(without(one, goes(one))), [], JSON.stringify(one));
  });

  test("never takes what is immutable or in keepTags", () => {
    let seen = 0;
    for (const one of cases) {
      const [going, staying] = [goes(one), one.repository.tags.filter((tag) => staysAlways(one, tag))];
      for (const { name } of staying) assert.ok(!going.includes(name), `${name} ${JSON.stringify(one)}`);
      seen += staying.length;
    }
    assert.ok(seen > 3000);
  });

  test("depends on neither the order of tags nor that of rules", () => {
    for (const [number, one] of cases.entries()) {
      const random = randomOf("order", number);
      const other = withTags(one, random.shuffled(one.repository.tags));
      assert.deepEqual(judge(other), judge(one));
      assert.deepEqual(goes({ ...one, rules: random.shuffled(one.rules) }), goes(one));
    }
  });

  test("takes no more when something more is to be kept", () => {
    for (const [number, one] of cases.entries()) {
      const random = randomOf("more", number);
      const rule = random.pick(one.rules);
      const more = random.pick<Partial<RetentionRule>>([
        { keepNewest: rule.keepNewest + 1 },
        { keepTags: [...rule.keepTags, random.pick(["v*", "latest", "pr-*"])] },
        { maxTags: undefined },
        { deleteAfterDays: undefined },
      ]);
      const rules = one.rules.map((each) => (each === rule ? { ...rule, ...more } : each));
      const before = goes(one);
      for (const name of goes({ ...one, rules }))
        assert.ok(before.includes(name), JSON.stringify({ one, more }));
    }
  });

  test("leaves each signature of a manifest to that manifest, and counts none", () => {
    for (const one of cases) {
      for (const { tag, isSignature, takenBy } of judge(one)) {
        assert.equal(isSignature, signs(tag));
        if (isSignature) assert.deepEqual(takenBy, []);
      }
      const names = one.repository.tags.filter(signs).map(({ name }) => name);
      assert.deepEqual(goes(without(one, names)), goes(one), JSON.stringify(one));
    }
  });

  test("tells of every tag once, the newest first, and says why in a sentence", () => {
    for (const one of cases) {
      const verdicts = judge(one);
      assert.equal(new Set(verdicts.map(({ tag }) => tag)).size, one.repository.tags.length);
      for (const [index, { tag, takenBy, why }] of verdicts.entries()) {
        assert.ok(tag.pushed <= (verdicts[index - 1]?.tag.pushed ?? tag.pushed));
        assert.match(why, takenBy.length > 0 ? /^goes: \S/ : /^kept: \S/);
        assert.doesNotMatch(why, /undefined|NaN/);
      }
    }
  });
});

describe("the sentence of retention", () => {
  const rule = { repositories: ["**"], tags: ["*"], keepNewest: 0, keepTags: [] };
  const now = 100 * day;
  const tags = (...ages: [name: string, days: number][]) =>
    ages.map(([name, days]) => ({ name, digest: "sha256:0", pushed: now - days * day }));
  const sentences = (of: Retention, list: readonly Tag[]) =>
    of({ name: "app", tags: list, isManifest: () => true, isImmutable: (name) => name === "held" }, now).map(
      ({ tag, why }) => `${tag.name} ${why}`,
    );

  test("says what keeps a tag and what takes it", () => {
    const rules = [{ ...rule, keepNewest: 2, maxTags: 4, deleteAfterDays: 30, keepTags: ["v*"] }];
    const signature = `sha256-${"0".repeat(64)}.sig`;
    const list = tags(
      ["a", 1],
      ["b", 31],
      ["v1", 40],
      ["held", 50],
      ["c", 30],
      ["d", 29.5],
      ["e", 30],
      [signature, 9],
    );
    assert.deepEqual(sentences(retention(rules), list), [
      "a kept: one of the 2 newest",
      `${signature} kept: a signature, which stays as long as what it signs`,
      "d kept: one of the 2 newest",
      "e kept: 30 days old, and deleteAfterDays is 30",
      "c kept: 30 days old, and deleteAfterDays is 30",
      "b goes: 31 days old, and deleteAfterDays is 30",
      "v1 kept: in keepTags",
      "held kept: immutable",
    ]);
  });

  test("counts from the newest where only the number of tags decides", () => {
    const rules = [{ ...rule, keepNewest: 1, maxTags: 2 }];
    assert.deepEqual(sentences(retention(rules), tags(["a", 1], ["b", 2], ["c", 3])), [
      "a kept: the newest",
      "b kept: number 2 from the newest, and maxTags is 2",
      "c goes: number 3 from the newest, and maxTags is 2",
    ]);
  });

  test("names the rule where there are several, and what keeps before what takes", () => {
    const rules = [
      { ...rule, deleteAfterDays: 365 },
      { ...rule, tags: ["pr-*"], keepNewest: 1, deleteAfterDays: 1 },
      { ...rule, repositories: ["other"], maxTags: 1 },
    ];
    assert.deepEqual(
      sentences(retention(rules), tags(["pr-2", 400], ["pr-1", 500], ["b", 1], ["pr-3", -1])),
      [
        "pr-3 kept: the newest (retention[1])",
        "b kept: 1 day old, and deleteAfterDays is 365 (retention[0])",
        "pr-2 goes: 400 days old, and deleteAfterDays is 365 (retention[0]); 400 days old, and deleteAfterDays is 1 (retention[1])",
        "pr-1 goes: 500 days old, and deleteAfterDays is 365 (retention[0]); 500 days old, and deleteAfterDays is 1 (retention[1])",
      ],
    );
    assert.deepEqual(sentences(retention([{ ...rule, tags: ["x"], maxTags: 1 }]), tags(["a", 1])), [
      "a kept: no rule is about it",
    ]);
  });

  test("takes the later name for the newer where the times are the same", () => {
    const rules = [{ ...rule, maxTags: 1 }];
    assert.deepEqual(sentences(retention(rules), tags(["v2", 1], ["v3", 1], ["v1", 1])), [
      "v3 kept: number 1 from the newest, and maxTags is 1",
      "v2 goes: number 2 from the newest, and maxTags is 1",
      "v1 goes: number 3 from the newest, and maxTags is 1",
    ]);
  });
});
