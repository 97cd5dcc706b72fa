import type { ResolvedRequestLimits } from "../proxy/defaults";
import { errorBody } from "./authentication";

/** The http block's share: who counts as one client, who may ask at all, and the tables to count in. */
export function limitTables(limits: ResolvedRequestLimits): string {
  const { allowedAddresses, requestsPerSecond, connectionsPerAddress } = limits;
  return [
    `
  # One client is an IPv4 address, or the network of an IPv6 address: its lower half is the client's to choose.
  # A reload that counts something else in a table of the same name is refused by nginx: take another name.
  map $binary_remote_addr $client {
    default $binary_remote_addr;
    "~(?s)^(?<network>.{8}).{8}$" $network;
  }
`,
    ...given(allowedAddresses, (networks) => addressTable("address_refused", networks)),
    ...given(
      requestsPerSecond,
      (rate) => `  limit_req_zone $client zone=requests:4m rate=${rate}r/s;
`,
    ),
    ...given(
      connectionsPerAddress,
      () => `  limit_conn_zone $client zone=connections:4m;
`,
    ),
  ].join("");
}

/** The server block's share. It comes first there: addresses are looked at before anything else. */
export function limitChecks(limits: ResolvedRequestLimits): string {
  const { allowedAddresses, requestsPerSecond, connectionsPerAddress } = limits;
  return [
    ...given(
      allowedAddresses,
      () => `
    if ($address_refused) {
      return 403 '${errorBody("DENIED", "this address may not use the registry")}';
    }
`,
    ),
    ...given(
      requestsPerSecond,
      () => `
    limit_req zone=requests burst=${limits.requestBurst};
    limit_req_status 429;
`,
    ),
    ...given(
      connectionsPerAddress,
      (most) => `
    limit_conn connections ${most};
    limit_conn_status 429;
`,
    ),
    requestsPerSecond === undefined && connectionsPerAddress === undefined ? "" : tooMany,
  ].join("");
}

const tooMany = `
    error_page 429 @too_many;

    location @too_many {
      add_header Docker-Distribution-Api-Version registry/2.0 always;
      add_header Retry-After 2 always;
      return 429 '${errorBody("TOOMANYREQUESTS", "too many requests or connections from this address, try again")}';
    }
`;

/** A variable that is 1 for addresses outside of these networks; those of clients, unless it is told whose. */
export function addressTable(variable: string, networks: readonly string[], whose = ""): string {
  const inside = networks.map((network) => `    ${network} 0;\n`).join("");
  return `  geo ${whose}$${variable} {
    default 1;
${inside}  }
`;
}

function given<Value>(value: Value | undefined, text: (value: Value) => string): string[] {
  return value === undefined ? [] : [text(value)];
}
