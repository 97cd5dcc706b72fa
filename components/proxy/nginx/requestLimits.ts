import type { ResolvedRequestLimits } from "../defaults";
import { addressTable } from "./addressTable";
import { apiAnswer } from "./apiAnswer";
import { type Feature, joined, optional } from "./feature";

/** Memory of a table that counts clients: some 30,000 of them. */
export const clientTableSize = "4m";

/** Who counts as one client, for whatever is counted. */
export const clientAddress: Feature = {
  http: `
  # One client is an IPv4 address, or the network of an IPv6 address: its lower half is the client's to choose.
  # A reload that counts something else in a table of the same name is refused by nginx: take another name.
  map $binary_remote_addr $client {
    default $binary_remote_addr;
    "~(?s)^(?<network>.{8}).{8}$" $network;
  }
`,
};

/**
 * Who may ask at all, and how much. In the server block addresses come first: they are looked at before anything is
 * counted.
 */
export function requestLimits(limits: ResolvedRequestLimits): Feature {
  const { allowedAddresses, requestsPerSecond, connectionsPerAddress } = limits;
  return joined([
    optional(allowedAddresses, addressLimit),
    optional(requestsPerSecond, (rate) => rateLimit(rate, limits.requestBurst)),
    optional(connectionsPerAddress, connectionLimit),
    optional(requestsPerSecond ?? connectionsPerAddress, () => tooMany),
  ]);
}

function addressLimit(networks: readonly string[]): Feature {
  return {
    http: addressTable("address_refused", networks),
    server: `
    if ($address_refused) {
      ${apiAnswer(403, "DENIED", "the address $remote_addr may not use the registry")}
    }
`,
  };
}

/** In a location with a limit of its own, which would take the place of the one of requests. */
export function burstOfRequests({ requestsPerSecond, requestBurst }: ResolvedRequestLimits): string {
  return requestsPerSecond === undefined ? "" : `      limit_req zone=requests burst=${requestBurst};\n`;
}

function rateLimit(rate: number, burst: number): Feature {
  return {
    http: `  limit_req_zone $client zone=requests:${clientTableSize} rate=${rate}r/s;
`,
    server: `
    limit_req zone=requests burst=${burst};
    limit_req_status 429;
`,
  };
}

function connectionLimit(most: number): Feature {
  return {
    http: `  limit_conn_zone $client zone=connections:${clientTableSize};
`,
    server: `
    limit_conn connections ${most};
    limit_conn_status 429;
`,
  };
}

export const tooMany: Feature = {
  server: `
    error_page 429 @too_many;

    location @too_many {
      ${apiAnswer(429, "TOOMANYREQUESTS", "too many requests or connections from this address, try again", 2)}
    }
`,
};
