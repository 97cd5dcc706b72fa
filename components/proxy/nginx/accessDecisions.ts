import type { AccessTable } from "../../access/accessTable";

/** What access by rules is rendered from. */
export interface AccessSettings {
  readonly table: AccessTable;
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
export const decisions = `      if ($without_password = 204) {
        return 204;
      }
      if ($without_password = 401) {
        return 401;
      }
      if ($without_password = 403) {
        return 403;
      }
      js_header_filter access.enforce;
`;

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
