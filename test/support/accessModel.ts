// Who may do what, as the documentation says it: plain, slow, and made of none of the code that decides.

/** Rules, users and their passwords, and today. */
export interface World {
  readonly rules: readonly Rule[];
  readonly users: readonly Person[];
  /** Today, such as "2026-11-26". */
  readonly today: string;
}

export interface Rule {
  readonly repositories: readonly string[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly anonymous?: boolean;
  readonly actions: readonly string[];
}

export interface Person {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly expires?: string;
  /** Where a test needs one of its own. */
  readonly password?: string;
}

/** Who asks: nobody, somebody with a wrong password or who is no user, or a user. */
export type Asker = "nobody" | "stranger" | { readonly user: string };

/** What an address is about. */
export type Address =
  | { readonly kind: "ping" | "catalogue" }
  | { readonly kind: "manifest" | "blob" | "upload" | "tags" | "referrers"; readonly repository: string };

/** The status with which a request is refused, or "passes". */
export function verdict(world: World, asker: Asker, method: string, address: Address): 401 | 403 | "passes" {
  if (asker === "stranger") return 401;
  const person = asker === "nobody" ? undefined : world.users.find(({ name }) => name === asker.user);
  if (asker !== "nobody" && person === undefined) return 401;
  if (person?.expires !== undefined && world.today > person.expires) return 403;
  const isRepository = "repository" in address;
  if (!isRepository) return person === undefined ? 401 : "passes";
  if (may(world, person, address.repository, actionOf(method, address.kind))) return "passes";
  return person === undefined ? 401 : 403;
}

/** Whether somebody, or nobody, may do this there. */
export function may(
  { rules }: World,
  person: Person | undefined,
  repository: string,
  action: string,
): boolean {
  for (const rule of rules) {
    const isFor =
      rule.anonymous === true ||
      (person !== undefined &&
        (rule.users?.includes(person.name) ||
          person.groups?.some((group) => rule.groups?.includes(group)) === true));
    const isAbout = rule.repositories.some((pattern) => means(pattern, repository));
    const allows = rule.actions.includes(action) || (action === "pull" && rule.actions.includes("push"));
    if (isFor && isAbout && allows) return true;
  }
  return false;
}

/** Whether a pattern means a text: tried in every way. */
export function means(pattern: string, text: string): boolean {
  const run = /^\*+/.exec(pattern)?.[0];
  if (run === undefined)
    return pattern === "" ? text === "" : pattern[0] === text[0] && means(pattern.slice(1), text.slice(1));
  for (let length = 0; length <= text.length; length++) {
    if (run.length === 1 && text.slice(0, length).includes("/")) return false;
    if (means(pattern.slice(run.length), text.slice(length))) return true;
  }
  return false;
}

function actionOf(method: string, kind: Address["kind"]): string {
  if (kind === "upload") return "push";
  if (method === "GET" || method === "HEAD") return "pull";
  return method === "DELETE" ? "delete" : "push";
}
