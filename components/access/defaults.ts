import type { AccessRuleArgs, AccessUserArgs } from "./args";

/** A rule of access with every default. */
export function resolvedAccessRule(args: AccessRuleArgs) {
  return {
    ...args,
    users: args.users ?? [],
    groups: args.groups ?? [],
    anonymous: args.anonymous ?? false,
  };
}

export type ResolvedAccessRule = ReturnType<typeof resolvedAccessRule>;

/** Whether a rule names a user, or a group of theirs. */
export function isNamedIn(rule: ResolvedAccessRule, user: AccessUserArgs): boolean {
  const { name, groups } = resolvedAccessUser(user);
  return rule.users.includes(name) || groups.some((group) => rule.groups.includes(group));
}

/** What rules read of a user, with every default. */
export function resolvedAccessUser(args: AccessUserArgs) {
  return { ...args, groups: args.groups ?? [] };
}
