import { addressTable } from "./addressTable";
import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/**
 * A load balancer in front: takes the client's address from it, and lets nobody else in. It stands before the limits
 * of clients. Of several addresses the last one counts that is no front's: a client may write what it likes before it.
 * `$realip_remote_addr` is whoever has connected.
 */
export function trustedFront(networks: readonly string[]): Feature {
  return {
    http: addressTable("front_refused", networks, "$realip_remote_addr "),
    server: `
${networks.map((network) => `    set_real_ip_from ${network};\n`).join("")}    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    if ($front_refused) {
      ${apiAnswer(403, "DENIED", "this registry is reached through its load balancer only")}
    }
    if ($http_x_forwarded_proto ~* "^http *(,|$)") {
      ${apiAnswer(400, "UNSUPPORTED", "plain HTTP at the load balancer: passwords can be read on the way, use https")}
    }
`,
  };
}
