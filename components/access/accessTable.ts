import { createHmac } from "node:crypto";
import { AccessAction, type AccessRuleArgs, type AccessUserArgs } from "./args";
import { isNamedIn, type ResolvedAccessRule, resolvedAccessRule } from "./defaults";

/** What the table is made of. */
export interface AccessTableSettings {
  /** Left out: every user may do everything. */
  readonly access?: readonly AccessRuleArgs[];
  /** Groups and ends of users; who is not among them has none. */
  readonly users: readonly AccessUserArgs[];
  /** Lines of the htpasswd file: all users that there are. */
  readonly logins: readonly string[];
  /** Key of tokens. */
  readonly tokenKey: string;
}

/** Rules and who may use which, as the proxy's script reads them. */
export interface AccessTable {
  /** Of each rule its actions and its patterns: "pull,push team/* app". */
  readonly rules: readonly string[];
  /** User, "" for nobody, to last day, fingerprint and numbers of rules: "2027-01-31 0123abcd 0,3"; "-" for none. */
  readonly users: { readonly [user: string]: string };
  /** Whether nobody may do anything at all. */
  readonly isOpen: boolean;
}

/** Who may do what. A user's fingerprint is another one with another password, and tells nobody what that is. */
export function accessTable({ access, users, logins, tokenKey }: AccessTableSettings): AccessTable {
  const rules = access?.map(resolvedAccessRule);
  const known = new Map(users.map((user) => [user.name, user]));
  const rows = logins.map((line) => {
    const name = line.slice(0, line.indexOf(":"));
    const user = known.get(name) ?? { name };
    const { expires = "-" } = user;
    const fingerprint = createHmac("sha256", tokenKey).update(line).digest("hex").slice(0, 32);
    const numbers = rules === undefined ? "0" : usable(rules, user);
    return [name, `${expires} ${fingerprint} ${numbers}`] as const;
  });
  return {
    rules: rules?.map(ruleText) ?? [`${Object.values(AccessAction).join(",")} **`],
    users: { "": `- nobody ${usable(rules ?? [])}`, ...Object.fromEntries(rows) },
    isOpen: rules?.some(({ anonymous }) => anonymous) ?? false,
  };
}

/** Numbers of the rules that somebody can use: what nobody needs a login for is for everybody. */
function usable(rules: readonly ResolvedAccessRule[], user?: AccessUserArgs): string {
  const numbers = rules.flatMap((rule, index) =>
    rule.anonymous || (user !== undefined && isNamedIn(rule, user)) ? [index] : [],
  );
  return numbers.join(",") || "-";
}

function ruleText({ actions, repositories }: ResolvedAccessRule): string {
  const all = actions.includes(AccessAction.Push) ? [AccessAction.Pull, ...actions] : actions;
  return `${[...new Set(all)].join(",")} ${repositories.join(" ")}`;
}
