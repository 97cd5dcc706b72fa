import type { AccessTable } from "../../access/accessTable";

/** What access by rules is rendered from. */
export interface AccessSettings {
  readonly table: AccessTable;
  /** Stands for table and scripts: what was decided by others is not believed. */
  readonly version: string;
  /**
   * Addresses by which clients reach the registry, as in references of images; the first stands for all others.
   * Defaults to whatever a client calls it.
   */
  readonly names?: readonly string[];
}

/** What programs send that have no login. */
export const emptyLogin = "basic og==";
const withoutLogin = `(?:${emptyLogin})?`;

/** In the question about a login: who may do without a password, and what is refused although the login is right. */
export const decisions = `      if ($early_answer = 204) {
        return 204;
      }
      if ($early_answer = 401) {
        return 401;
      }
      if ($early_answer = 403) {
        return 403;
      }
      js_header_filter access.enforce;
`;

/** The end of an upload's address. Names of repositories may have such words in them, and so the last ones count. */
const upload = "blobs/uploads/[^/?]*";
const others = "(?:manifests|blobs|referrers)/[^/?]+|tags/list";
const end = "(?:\\?|\\z)";

/**
 * Tables about a request: who asks, for what, and the words by which a decision is kept. They take the address apart once
 * and in a fraction of the time that a script takes.
 */
export function questionTables({ table, version }: AccessSettings): string {
  return `
  map $http_authorization $asking_user {
    default $remote_user;
    "~*^bearer " $token_user;
  }
  map $asking_user $logged_user {
    default $asking_user;
    "" -;
  }
  # A password is asked for in vain where there is none.
  map $http_authorization $early_answer {
    default "";
    "" $without_password;
    "~*^(?:bearer |${emptyLogin}\\z)" $without_password;
  }
  map $request_uri $asked_repository {
    default "";
    "~^/v2/(?<asked>[^?]+)/(?:${others}|${upload})${end}" $asked;
  }
  map "$request_method $request_uri" $asked_action {
    default push;
    "~^[^ ]+ [^?]+/${upload}${end}" push;
    "~^(?:GET|HEAD) " pull;
    "~^DELETE " delete;
  }
  map $asked_repository $decision {
    default "${version} $asking_user $asked_action $asked_repository";
    "" "";
  }
${rightsTable(table)}`;
}

/** Tables of nginx know no case: names that differ in nothing else are asked for one after another. */
function rightsTable({ users }: AccessTable): string {
  const names = Object.keys(users);
  const count = new Map<string, number>();
  for (const name of names.map(lower)) count.set(name, (count.get(name) ?? 0) + 1);
  const rows = Object.entries(users).map(([user, rights]) =>
    count.get(lower(user)) === 1
      ? `    "=${user}" "${rights}";\n`
      : `    "~^=${user.replaceAll(".", "\\.")}\\z" "${rights}";\n`,
  );
  return `  map "=$asking_user" $user_rights {
    default "- - -";
${rows.join("")}  }
`;
}

function lower(name: string): string {
  return name.toLowerCase();
}

/**
 * With what a client is asked for a login. Where some things need none, `GET /v2/` alone asks for a token: the one
 * arrangement with which every kind of client pulls with and without a login.
 */
export function challenges(realm: string, isOpen: boolean): string {
  const ping = isOpen
    ? `    "~*^${withoutLogin}:/v2/(?:\\?|$)" 'Bearer realm="https://$served_name/_token",service="$served_name"';\n`
    : "";
  return `  map $http_authorization:$request_uri $challenge {
    default "";
${ping}    "~*^(?:${withoutLogin}|bearer [^:]*):" 'Basic realm="${realm}"';
  }
`;
}
