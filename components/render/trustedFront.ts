import { errorBody } from "./authentication";
import { addressTable } from "./limits";

/** The http block's share: whose word about the client counts. `$realip_remote_addr` is who has connected. */
export function frontTables(trusted: readonly string[]): string {
  return addressTable("front_refused", trusted, "$realip_remote_addr ");
}

/**
 * The server block's share, before the limits of clients: takes the client's address from the front, and nobody
 * else in. Of several addresses the last one counts that is no front's: a client may write what it likes before it.
 */
export function frontChecks(trusted: readonly string[]): string {
  return `
${trusted.map((network) => `    set_real_ip_from ${network};\n`).join("")}    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    if ($front_refused) {
      return 403 '${errorBody("DENIED", "this registry is reached through its load balancer only")}';
    }
    if ($http_x_forwarded_proto ~* "^http *(,|$)") {
      return 400 '${errorBody("UNSUPPORTED", "plain HTTP at the load balancer: passwords can be read on the way, use https")}';
    }
`;
}
