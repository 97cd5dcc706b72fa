import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { glob } from "../../../components/keeper/program/glob";
import type { RetentionRuleArgs } from "../../../components/keeper/retentionArgs";
import {
  retentionProblems,
  retentionWithoutKeeperProblems,
} from "../../../components/keeper/retentionProblems";
import { repositoryName, tag } from "../../../components/registry/grammar";
import { allTexts } from "../../support/allTexts";

const fine: RetentionRuleArgs = { repositories: ["team/*"], deleteAfterDays: 30 };

/** The problems of a rule that is fine but for this. */
const problemsOf = (change: Partial<RetentionRuleArgs>) => retentionProblems([fine, { ...fine, ...change }]);

const ofRepository =
  'write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any';
const ofTag = 'write one such as "v*" or "latest": letters, digits and . _ - with * for any';

describe("rules of retention", () => {
  test("are fine as people write them", () => {
    const rules: RetentionRuleArgs[][] = [
      [],
      [{ repositories: ["**"], maxTags: 50 }],
      [{ repositories: ["**"], maxTags: 1 }],
      [{ repositories: ["**"], tags: ["pr-*"], deleteAfterDays: 7, keepNewest: 0 }],
      [{ repositories: ["scratch/**"], deleteAfterDays: 7, keepNewest: 0 }],
      [{ repositories: ["**"], deleteAfterDays: 365, maxTags: 100, keepTags: ["v*.*.*", "latest"] }],
      [{ repositories: ["a", "team/app"], tags: ["*-rc*"], maxTags: 5, keepNewest: 5 }],
    ];
    for (const list of rules) assert.deepEqual(retentionProblems(list), [], JSON.stringify(list));
  });

  const refused: [what: string, change: Partial<RetentionRuleArgs>, problem: string][] = [
    [
      "no repositories",
      { repositories: [] },
      'repositories: is empty, so the rule matches nothing; write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any',
    ],
    [
      "no tags",
      { tags: [] },
      'tags: is empty, so the rule matches nothing; write one such as "v*" or "latest": letters, digits and . _ - with * for any, or leave it out for all',
    ],
    [
      "a repository in capitals",
      { repositories: ["**", "Team/*"] },
      `repositories[1]: "Team/*" means no repository that there can be; ${ofRepository}`,
    ],
    [
      "a repository that is too long",
      { repositories: [`${"a".repeat(256)}*`] },
      `repositories[0]: "${"a".repeat(256)}*" means no repository that there can be; ${ofRepository}`,
    ],
    [
      "a tag that is a regular expression",
      { tags: ["^v[0-9]+$"] },
      `tags[0]: "^v[0-9]+$" means no tag that there can be; ${ofTag}`,
    ],
    [
      "a kept tag with a repository before it",
      { keepTags: ["latest", "app:latest"] },
      `keepTags[1]: "app:latest" means no tag that there can be; ${ofTag}`,
    ],
    ["a line break", { tags: ["v*\n"] }, `tags[0]: "v*\\n" means no tag that there can be; ${ofTag}`],
    ["an empty pattern", { tags: [""] }, `tags[0]: "" means no tag that there can be; ${ofTag}`],
    [
      "fewer than none of the newest",
      { keepNewest: -1 },
      "keepNewest: -1 is out of range; write a whole number from 0 to 1000000",
    ],
    ["no tags at most", { maxTags: 0 }, "maxTags: 0 is out of range; write a whole number from 1 to 1000000"],
    [
      "no days",
      { deleteAfterDays: 0 },
      "deleteAfterDays: 0 is out of range; write a whole number from 1 to 1000000",
    ],
    [
      "half days",
      { deleteAfterDays: 1.5 },
      "deleteAfterDays: 1.5 is out of range; write a whole number from 1 to 1000000",
    ],
    [
      "tags that are all kept",
      { tags: ["v1.*", "**"], keepTags: ["v*", "*"] },
      "keepTags: keeps every tag that the rule matches, so it can never delete anything; write narrower patterns",
    ],
    [
      "more of the newest than tags at most",
      { keepNewest: 6, maxTags: 5 },
      "keepNewest: 6 is more than maxTags, 5; write less, or more in maxTags",
    ],
    [
      "an age beside as many of the newest as tags at most",
      { keepNewest: 5, maxTags: 5 },
      "keepNewest: 5, and maxTags as well, so that deleteAfterDays decides nothing; write less in keepNewest, or leave deleteAfterDays out",
    ],
    [
      "the same where the newest are the usual ones",
      { maxTags: 1 },
      "keepNewest: is 1 where it is left out, and maxTags as well, so that deleteAfterDays decides nothing; " +
        "write less in keepNewest (0 lets the last tag go), or leave deleteAfterDays out",
    ],
  ];
  for (const [what, change, problem] of refused) {
    test(`are refused for ${what}`, () => {
      assert.deepEqual(problemsOf(change), [`retention[1].${problem}`]);
    });
  }

  test("are refused if they can never delete anything", () => {
    assert.deepEqual(retentionProblems([{ repositories: ["**"], keepNewest: 5 }]), [
      "retention[0]: can never delete anything; give it maxTags or deleteAfterDays, or remove the rule",
    ]);
  });

  test("are told of all problems at once", () => {
    assert.equal(
      problemsOf({ repositories: ["A", "b/"], tags: [], maxTags: 0.5, keepNewest: 2e6 }).length,
      5,
    );
  });
});

describe("rules that leave nothing of an idle registry", () => {
  const everything = { repositories: ["**"], deleteAfterDays: 365, keepNewest: 0 };
  const refused: RetentionRuleArgs[][] = [
    [everything],
    [{ ...everything, tags: ["v*", "**"], maxTags: 100 }],
    [
      { ...everything, repositories: ["*"] },
      { ...everything, repositories: ["*/**"], deleteAfterDays: 7 },
    ],
    [everything, { repositories: ["**"], tags: ["v*"], maxTags: 5, keepNewest: 0 }],
  ];
  const accepted: RetentionRuleArgs[][] = [
    [{ ...everything, keepNewest: 1 }],
    [{ ...everything, keepTags: ["latest"] }],
    [{ ...everything, tags: ["pr-*"] }],
    [{ ...everything, repositories: ["*"] }],
    [{ ...everything, repositories: ["*/**"] }],
    [{ repositories: ["**"], maxTags: 1, keepNewest: 0 }],
    [everything, { repositories: ["prod/*"], maxTags: 5 }],
  ];

  test("are refused, and need an explicit keepNewest of 0", () => {
    for (const rules of refused) {
      assert.deepEqual(
        retentionProblems(rules),
        [
          "retention: together these rules would empty a registry to which nobody pushes for a while, as keepNewest " +
            "is 0 in all of them; leave keepNewest out, or write narrower repositories or tags",
        ],
        JSON.stringify(rules),
      );
    }
  });

  test("are no rules of which one keeps something", () => {
    for (const rules of accepted) assert.deepEqual(retentionProblems(rules), [], JSON.stringify(rules));
  });
});

test("a pattern is refused just if no legal name is one that it means", () => {
  const isName = new RegExp(`^${repositoryName}$`);
  const isTag = new RegExp(`^${tag}$`);
  const legal = {
    repositories: allTexts("a/_.", 7).filter((text) => isName.test(text)),
    tags: allTexts("a/_.", 5).filter((text) => isTag.test(text)),
  };
  for (const kind of ["repositories", "tags"] as const) {
    for (const pattern of allTexts("a/_.*", 4)) {
      const isRefused = problemsOf({ [kind]: [pattern] }).length > 0;
      assert.equal(isRefused, !legal[kind].some(glob(pattern)), `${kind} ${pattern}`);
    }
  }
});

test("rules are refused without a keeper, which alone follows them", () => {
  assert.deepEqual(retentionWithoutKeeperProblems([fine], true), []);
  assert.deepEqual(retentionWithoutKeeperProblems([], false), []);
  assert.deepEqual(retentionWithoutKeeperProblems([fine], false), [
    "retention: needs the keeper, and keeper.enabled is false; remove one of the two, because without the keeper no tag ever goes",
  ]);
});
