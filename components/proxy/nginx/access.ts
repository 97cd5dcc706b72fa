import type { AccessTable } from "../../access/accessTable";
import type { ResolvedRequestLimits } from "../defaults";
import { type AccessSettings, emptyLogin } from "./accessDecisions";
import { apiAnswer, apiVersionHeader } from "./apiAnswer";
import type { Entrance } from "./entrance";
import type { Feature } from "./feature";
import { burstOfRequests, clientTableSize, tooMany } from "./requestLimits";

/** Rules decide at each request what its user may do, in one place: when the login was found right. */
export function access(
  { table, names = [] }: AccessSettings,
  limits: ResolvedRequestLimits,
  { guard, forbidden }: Entrance,
): Feature {
  return {
    modules: ["js"],
    http: `
  js_import access from access.js;
  js_shared_dict_zone zone=decisions:2m timeout=1h evict;
  js_set $user_key access.userKey;
  js_set $denial access.denial;
  js_set $without_password access.withoutPassword;
  js_set $allowed_mount access.mount;
  js_set $token access.token;
${rightsTable(table)}
  map $http_authorization $anonymous_client {
    default "";
    "" $client;
    "~*^${emptyLogin}$" $client;
  }
  limit_req_zone $anonymous_client zone=tokens:${clientTableSize} rate=${limits.loginsPerSecond}r/s;
${servedName(names)}`,
    server: `
    error_page 403 @denied;
${limits.requestsPerSecond === undefined && limits.connectionsPerAddress === undefined ? (tooMany.server ?? "") : ""}`,
    locations: `
    location @denied {
      if ($reason = "") {
        ${forbidden}
      }
      ${apiAnswer(403, "DENIED", "$reason")}
    }

    location = /_token {
${burstOfRequests(limits)}      limit_req zone=tokens burst=${limits.loginBurst};
      limit_req_status 429;
${guard}
      try_files /nothing @token;
    }

    location @token {
      if ($request_method != GET) {
        ${apiAnswer(405, "UNSUPPORTED", "a token is asked for with GET")}
      }
      ${apiVersionHeader} always;
      add_header Cache-Control no-store;
      return 200 $token;
    }
`,
  };
}

/** Room for names of users, of up to 256 hexadecimal digits. nginx wants to know before its first table. */
export function roomForUsers({ table }: AccessSettings): Feature {
  return {
    http: `  map_hash_bucket_size 512;
  map_hash_max_size ${Math.max(2048, 4 * Object.keys(table.users).length)};
`,
  };
}

function rightsTable({ users }: AccessTable): string {
  const rows = Object.entries(users).map(
    ([user, rights]) => `    "${Buffer.from(user).toString("hex")}" "${rights}";\n`,
  );
  return `  map $user_key $user_rights {
    default "- - -";
${rows.join("")}  }
`;
}

function servedName([first = "$http_host", ...others]: readonly string[]): string {
  return `  map $http_host $served_name {
    default ${first};
${others.map((name) => `    ${name} ${name};\n`).join("")}  }
`;
}
