import type { UserArgs } from "./args";

/** Who may log in, where nobody is named. */
export const defaultUsers: UserArgs[] = [{ name: "admin" }];

/** A user with every default. */
export function resolvedUser(args: UserArgs) {
  return { ...args, passwordGeneration: args.passwordGeneration ?? 1, groups: args.groups ?? [] };
}
