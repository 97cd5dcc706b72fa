import type { ResolvedRequestLimits } from "../defaults";
import { type AccessSettings, emptyLogin, questionTables } from "./accessDecisions";
import { apiAnswer, apiHeaders } from "./apiAnswer";
import type { Entrance } from "./entrance";
import type { Feature } from "./feature";
import { burstOfRequests, clientTableSize, tooMany } from "./requestLimits";

/** Rules decide at each request what its user may do, in one place: when the login was found right. */
export function access(
  settings: AccessSettings,
  limits: ResolvedRequestLimits,
  { guard, forbidden }: Entrance,
): Feature {
  return {
    modules: ["js"],
    http: `
  js_import access from access.js;
  js_shared_dict_zone zone=decisions:2m timeout=1h type=number evict;
  js_var $reason;
  js_set $token_user access.tokenUser;
  js_set $without_password access.withoutPassword;
  js_set $allowed_mount access.mount;
  js_set $token access.token;
${questionTables(settings)}  map $http_authorization $anonymous_client {
    default "";
    "" $client;
    "~*^${emptyLogin}$" $client;
  }
  limit_req_zone $anonymous_client zone=tokens:${clientTableSize} rate=${limits.loginsPerSecond}r/s;
${servedName(settings.names)}`,
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
      ${apiHeaders}
      add_header Cache-Control no-store;
      return 200 $token;
    }
`,
  };
}

/** Room for long names of users. nginx wants to know before its first table. */
export function roomForUsers({ table }: AccessSettings): Feature {
  return {
    http: `  map_hash_bucket_size 512;
  map_hash_max_size ${Math.max(2048, 4 * Object.keys(table.users).length)};
`,
  };
}

function servedName([first = "$http_host", ...others]: readonly string[] = []): string {
  return `  map $http_host $served_name {
    default ${first};
${others.map((name) => `    ${name} ${name};\n`).join("")}  }
`;
}
