import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AccessAction, type AccessRuleArgs, type AccessUserArgs } from "../../../components/access/args";
import { accessProblems, immutableTagProblems } from "../../../components/access/problems";
import { Front } from "../../../components/fronts/args";
import { frontProblems } from "../../../components/fronts/problems";

const users: AccessUserArgs[] = [
  { name: "alice", groups: ["dev"] },
  { name: "ci", expires: "2027-01-31" },
];
const whole: AccessRuleArgs = {
  repositories: ["**"],
  users: ["ci"],
  groups: ["dev"],
  actions: [AccessAction.Push],
};
const problems = (change: object, among = users) => accessProblems([{ ...whole, ...change }], among);

test("rules that somebody can use are fine, and so are none", () => {
  assert.deepEqual(accessProblems([whole], users), []);
  assert.deepEqual(accessProblems(undefined, [{ name: "alice" }]), []);
  const forAll = {
    repositories: ["public/*", "a.*-b/**"],
    anonymous: true,
    actions: [AccessAction.Pull],
  };
  assert.deepEqual(accessProblems([forAll], [{ name: "alice" }]), []);
});

describe("a rule is refused with what to write instead", () => {
  const refused: readonly (readonly [title: string, change: object, problem: RegExp])[] = [
    ["without repositories", { repositories: [] }, /^access\[0\]\.repositories: is empty, .*"team\/\*"/],
    ...["Team/*", "/team", "team/", "a..b", "-*", "a//b", "", "team:*", "a__".repeat(100)].map(
      (pattern) =>
        [
          `with the pattern "${pattern.slice(0, 20)}"`,
          { repositories: ["ok", pattern] },
          /^access\[0\]\.repositories\[1\]: ".*" means no repository that there can be; write one such as/,
        ] as const,
    ),
    ["without actions", { actions: [] }, /^access\[0\]\.actions: is empty; .*"pull", "push", "delete"/],
    [
      "with an unknown action",
      { actions: ["write"] },
      /^access\[0\]\.actions\[0\]: "write" is not one of the choices/,
    ],
    [
      "for an unknown user",
      { users: ["bob"] },
      /^access\[0\]\.users\[0\]: "bob" is not one of users; write one of "alice", "ci", or/,
    ],
    [
      "for a group that nobody is in",
      { groups: ["ops"] },
      /^access\[0\]\.groups\[0\]: nobody is in "ops"; write one of "dev", or/,
    ],
    [
      "that nobody can use",
      { users: [], groups: [] },
      /^access\[0\]: nobody can use this rule; give it users, groups or anonymous/,
    ],
    [
      "that lets everybody push or delete",
      { anonymous: true, actions: ["pull", "push", "delete"] },
      /^access\[0\]\.actions: "push", "delete" needs a login, .*write "pull" alone/,
    ],
  ];
  for (const [title, change, problem] of refused)
    test(title, () => {
      const [first = "", ...others] = problems(change);
      assert.match(first, problem);
      assert.deepEqual(others, []);
    });
});

describe("all together are refused", () => {
  test("if there are none in the list", () =>
    assert.match(accessProblems([], users).join(), /^access: is empty, so that nobody could do anything/));

  test("if a user can do nothing", () =>
    assert.match(
      problems({}, [...users, { name: "bob" }]).join(),
      /^users\[2\]: "bob" can do nothing, as no rule of access names/,
    ));

  test("if no rule knows a user's group, or there are no rules at all", () => {
    const among = [{ name: "alice", groups: ["dev", "ops"] }, { name: "ci" }];
    assert.match(problems({}, among).join(), /^users\[0\]\.groups\[1\]: "ops" is in no rule of access/);
    assert.match(accessProblems(undefined, among).join(), /^users\[0\]\.groups: are for rules of access/);
  });
});

test("a user's groups are names, and the end of a login is a day that there is", () => {
  const problem = accessProblems([whole], [{ name: "ci", groups: ["a b"] }, ...users])[0];
  assert.match(problem ?? "", /^users\[0\]\.groups\[0\]: "a b" is not a name of a group/);
  for (const expires of ["2027-02-31", "tomorrow", "2027-1-1", "2027-01-01T00:00:00Z", ""])
    assert.match(
      accessProblems(undefined, [{ name: "ci", expires }]).join(),
      /^users\[0\]\.expires: ".*" is not a day; write the last day of the login, such as "2027-01-31"$/,
    );
  assert.deepEqual(accessProblems(undefined, [{ name: "ci", expires: "2028-02-29" }]), []);
});

test("tags that stay as they are have patterns of repositories and of tags that there can be", () => {
  assert.deepEqual(immutableTagProblems([{ repositories: ["**"], tags: ["v*", "latest", "*"] }]), []);
  assert.match(immutableTagProblems([]).join(), /^immutableTags: is empty; write rules such as/);
  assert.match(
    immutableTagProblems([{ repositories: ["**"], tags: ["v/*", "-x"] }]).join("\n"),
    /^immutableTags\[0\]\.tags\[0\]: "v\/\*" means no tag .*\nimmutableTags\[0\]\.tags\[1\]: "-x"/,
  );
  assert.match(
    immutableTagProblems([{ repositories: [], tags: ["*"] }]).join(),
    /^immutableTags\[0\]\.repositories: is empty/,
  );
});

test("without a proxy all of it is refused with the reason", () => {
  const args = {
    hostnames: ["r.test"],
    access: [whole],
    immutableTags: [{ repositories: ["**"], tags: ["v*"] }],
    users,
  };
  for (const front of [Front.Direct, Front.None])
    assert.deepEqual(
      frontProblems(front, args),
      ["access", "immutableTags", "users[0].groups", "users[1].expires"].map(
        (name) => `${name}: is for nginx, and front is "${front}"; leave it out, or write "nginx" in front`,
      ),
    );
  assert.deepEqual(frontProblems(Front.Nginx, args), []);
  assert.deepEqual(frontProblems(Front.Waf, args), []);
});
