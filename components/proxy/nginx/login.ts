import type { ResolvedProxy } from "../defaults";
import { type AccessSettings, challenges, decisions } from "./accessDecisions";
import { apiAnswer, apiHeaders, retryHeaders } from "./apiAnswer";
import type { Feature } from "./feature";
import { internalServer, internalSocket } from "./internalServer";
import { clientTableSize } from "./requestLimits";

/** What the login of the proxy is rendered from. */
export interface AuthenticationSettings extends Pick<ResolvedProxy, "realm" | "limits"> {
  /** Names of the users. */
  readonly users: readonly string[];
  /** Stands for the file of users: a verdict holds for one file. */
  readonly usersHash: string;
  /** Path of the unix socket on which the verifier listens. */
  readonly verifierSocket: string;
  /** Who may do what. Defaults to everybody everything. */
  readonly access?: AccessSettings;
}

/** How a login was answered, where somebody wants to know. */
const notedAnswer = `
      auth_request_set $login_answer $status;`;

/**
 * Checked in place of a user who does not exist, so that it takes as long as a wrong password. Its own password
 * is random and kept by nobody, and no user may have such a name.
 */
export const decoyUser = "_decoy";

/** How long a login that was right, or that nobody used, is kept. */
const verdictTime = "1d";

/**
 * The login of clients. bcrypt is paid once for each login and file of users, by the verifier: inside a worker of
 * nginx it would stop every pull. A verdict never grows old, as another file has another hash.
 */
export function login(settings: AuthenticationSettings): Feature {
  return {
    modules: ["js"],
    http: loginChecks(settings),
    locations: loginLocations(settings),
  };
}

function loginChecks({ realm, users, verifierSocket, limits, access }: AuthenticationSettings): string {
  const decoy = Buffer.from(`${decoyUser}:`).toString("base64");
  return `
  js_import login from login.js;
  js_set $verdict_name login.verdict;
  proxy_cache_path /tmp/verdicts keys_zone=verdicts:4m max_size=16m inactive=${verdictTime} use_temp_path=off;
  limit_req_zone $client zone=logins:${clientTableSize} rate=${limits.loginsPerSecond}r/s;

  map $remote_user $checked_login {
    default "Basic ${decoy}";
    # The very end: before a dollar sign a line break may stand, and another user than the known one be asked for.
${knownUsers(users)}  }
${access === undefined ? knownUser(`Basic ${decoy}`) : ""}${access === undefined ? basicChallenge(realm) : challenges(realm, access.table.isOpen)}
  upstream attempts {
    server ${internalSocket("attempts")};
  }

  upstream verifier {
    server unix:${verifierSocket};
  }

  # Logins without a verdict, counted for the client that asked.
${internalServer(
  "attempts",
  `
    location / {
      limit_req zone=logins burst=${limits.loginBurst};
      limit_req_status 429;
      proxy_pass http://verifier/v2/;
      proxy_hide_header WWW-Authenticate;
      add_header WWW-Authenticate 'Basic realm="${realm}"' always;
    }
`,
)}`;
}

/** Rows for these users. nginx takes no word of 4096 characters, which some hundred names would be. */
function knownUsers(users: readonly string[]): string {
  const groups: string[] = [];
  for (const user of users) {
    const name = user.replaceAll(".", "\\.");
    const last = groups.at(-1);
    if (last !== undefined && last.length + name.length < 3000) groups.splice(-1, 1, `${last}|${name}`);
    else groups.push(name);
  }
  return groups.map((names) => `    "~^(?:${names})\\z" $http_authorization;\n`).join("");
}

/** The name for the log. Of a login that is none of ours nothing is there: people type passwords in place of names. */
function knownUser(unknown: string): string {
  return `  map $checked_login $known_user {
    default $remote_user;
    "${unknown}" "";
  }
`;
}

function basicChallenge(realm: string): string {
  return `  map $http_authorization $challenge {
    default "";
    "" 'Basic realm="${realm}"';
  }
`;
}

function loginLocations({ usersHash, access }: AuthenticationSettings): string {
  return `
    location = /_login {
      internal;
${access === undefined ? needsLogin : decisions}      proxy_pass http://attempts/;
      proxy_intercept_errors off;
      proxy_pass_request_body off;
      proxy_pass_request_headers off;
      # Or the length of a body is sent, and the body waited for.
      proxy_set_header Content-Length "";
      proxy_set_header Authorization $checked_login;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_cache verdicts;
      proxy_cache_key $verdict_name-${usersHash};
      proxy_cache_valid 200 ${verdictTime};
      proxy_cache_valid 401 1m;
      proxy_ignore_headers Cache-Control Expires Vary;
      proxy_cache_lock on;
      proxy_cache_lock_timeout 30s;
      proxy_cache_use_stale updating error timeout http_502 http_503 http_504;
      proxy_cache_background_update on;
      open_file_cache max=1000 inactive=60s;
    }

    location @unauthorized {
      ${apiHeaders}
      add_header WWW-Authenticate $challenge always;
      ${apiAnswer(401, "UNAUTHORIZED", "authentication required: docker login, then try again")}
    }

    location @unverified {
      ${retryHeaders(5)}
      if ($login_status = 429) {
        ${apiAnswer(429, "TOOMANYREQUESTS", "too many logins from this address, try again")}
      }
      ${apiAnswer(503, "UNAVAILABLE", "logins cannot be checked now, try again")}
    }
`;
}

const needsLogin = `      if ($http_authorization = "") {
        return 401;
      }
`;

/** In a location: only whoever has logged in. */
export const loggedIn = `      auth_request /_login;
      auth_request_set $login_status $upstream_status;`;

/** The same, with an early answer to whoever does not try. */
const loginRequired = needsLogin + loggedIn;

/**
 * Both where there may be rules: where some things need no login, whoever does not try is heard, too.
 *
 * @param isWatched Whether somebody wants to know how a login was answered.
 */
export function loginGuards(access: AccessSettings | undefined, isWatched = false) {
  const noted = isWatched ? notedAnswer : "";
  const guards = { loggedIn: loggedIn + noted, loginRequired: loginRequired + noted };
  return access?.table.isOpen ? { ...guards, loginRequired: guards.loggedIn } : guards;
}
