import { choiceProblems, quoted, quotedList } from "../base/values";
import { patternProblems } from "../registry/patternProblems";
import { AccessAction, type AccessRuleArgs, type AccessUserArgs, type ImmutableTagsArgs } from "./args";
import { isNamedIn, type ResolvedAccessRule, resolvedAccessRule } from "./defaults";
import { groupsForNothing, memberProblems } from "./memberProblems";

/**
 * Problems of who may do what: of each rule, of each user's groups and end, and of all together.
 *
 * @param readers Users who have something to do beside the rules: they may read metrics.
 */
export function accessProblems(
  access: readonly AccessRuleArgs[] | undefined,
  users: readonly AccessUserArgs[],
  readers: readonly string[] = [],
  argument = "access",
): string[] {
  const ofUsers = users.flatMap((user, index) => memberProblems(`users[${index}]`, user));
  if (access === undefined) {
    return [...ofUsers, ...users.flatMap((user, index) => groupsForNothing(`users[${index}]`, user))];
  }
  if (access.length === 0) {
    return [
      ...ofUsers,
      `${argument}: is empty, so that nobody could do anything; write a rule, or leave it out to let every user do everything`,
    ];
  }
  const rules = access.map(resolvedAccessRule);
  const problems = [
    ...ofUsers,
    ...rules.flatMap((rule, index) => ruleProblems(`${argument}[${index}]`, rule, users)),
  ];
  return problems.length > 0 ? problems : withoutEffect(argument, rules, users, readers);
}

/** Problems of the tags that name one image for ever. */
export function immutableTagProblems(
  rules: readonly ImmutableTagsArgs[],
  argument = "immutableTags",
): string[] {
  if (rules.length === 0) {
    return [
      `${argument}: is empty; write rules such as { repositories: ["**"], tags: ["v*"] }, or leave it out`,
    ];
  }
  return rules.flatMap(({ repositories, tags }, index) => [
    ...patternProblems(`${argument}[${index}].repositories`, repositories, "repository"),
    ...patternProblems(`${argument}[${index}].tags`, tags, "tag"),
  ]);
}

function ruleProblems(
  argument: string,
  rule: ResolvedAccessRule,
  users: readonly AccessUserArgs[],
): string[] {
  const names = users.map((user) => user.name);
  const groups = [...new Set(users.flatMap((user) => user.groups ?? []))];
  return [
    ...patternProblems(`${argument}.repositories`, rule.repositories, "repository"),
    ...(rule.actions.length === 0
      ? [`${argument}.actions: is empty; write one or more of ${quotedList(Object.values(AccessAction))}`]
      : rule.actions.flatMap((action, index) =>
          choiceProblems(`${argument}.actions[${index}]`, action, Object.values(AccessAction)),
        )),
    ...rule.users.flatMap((user, index) =>
      names.includes(user)
        ? []
        : [
            `${argument}.users[${index}]: ${quoted(user)} is not one of users; write one of ${quotedList(names)}, or add the user`,
          ],
    ),
    ...rule.groups.flatMap((group, index) =>
      groups.includes(group)
        ? []
        : [
            `${argument}.groups[${index}]: nobody is in ${quoted(group)}; ${
              groups.length > 0 ? `write one of ${quotedList(groups)}, or ` : ""
            }write it in groups of a user`,
          ],
    ),
    ...subjectProblems(argument, rule),
  ];
}

function subjectProblems(argument: string, { users, groups, anonymous, actions }: ResolvedAccessRule) {
  if (users.length === 0 && groups.length === 0 && !anonymous) {
    return [`${argument}: nobody can use this rule; give it users, groups or anonymous, or remove the rule`];
  }
  const notForAll = actions.filter(
    (action) => action === AccessAction.Push || action === AccessAction.Delete,
  );
  return anonymous && notForAll.length > 0
    ? [
        `${argument}.actions: ${quotedList(notForAll)} needs a login, and this rule is for everybody without one; write "pull" alone, and another rule for users`,
      ]
    : [];
}

/** A user who can do nothing, and a user's group that no rule knows: both are most often a misspelt word. */
function withoutEffect(
  argument: string,
  rules: readonly ResolvedAccessRule[],
  users: readonly AccessUserArgs[],
  readers: readonly string[],
): string[] {
  const named = new Set(rules.flatMap((rule) => rule.groups));
  const forAll = rules.some((rule) => rule.anonymous);
  return users.flatMap((user, index) => {
    const { name, groups = [] } = user;
    const can = rules.some((rule) => isNamedIn(rule, user));
    return [
      ...(can || forAll || readers.includes(name)
        ? []
        : [
            `users[${index}]: ${quoted(name)} can do nothing, as no rule of ${argument} names the user or one of their groups; write one that does, or take the user out`,
          ]),
      ...groups.flatMap((group, at) =>
        named.has(group)
          ? []
          : [
              `users[${index}].groups[${at}]: ${quoted(group)} is in no rule of ${argument}; write one for it, or take it out`,
            ],
      ),
    ];
  });
}
