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

/** What rules read of a user, with every default. */
export function resolvedAccessUser(args: AccessUserArgs) {
  return { ...args, groups: args.groups ?? [] };
}
