import type { AccessAction, AccessRuleArgs, AccessUserArgs } from "./args";
import { isNamedIn, resolvedAccessRule } from "./defaults";

/** Users whom a rule lets do something in all repositories, as the proxy sees it; without rules, all. */
export function usersWhoMayEverywhere(
  action: AccessAction,
  access: readonly AccessRuleArgs[] | undefined,
  users: readonly AccessUserArgs[],
): string[] {
  const rules = access
    ?.map(resolvedAccessRule)
    .filter(({ actions, repositories }) => actions.includes(action) && repositories.includes("**"));
  return users
    .filter((user) => rules === undefined || rules.some((rule) => isNamedIn(rule, user)))
    .map(({ name }) => name);
}
