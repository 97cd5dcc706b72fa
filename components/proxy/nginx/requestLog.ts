import { anyDigest, tag } from "../../registry/grammar";
import type { ResolvedLog } from "../../watch/defaults";
import { auditTables } from "./auditTables";
import type { Feature } from "./feature";

/** What is written down of each request. */
export interface RequestLogSettings {
  readonly log: ResolvedLog;
  /** Whether requests are counted. */
  readonly counts: boolean;
  /** Folder of the audit files, if there are any. */
  readonly auditFolder?: string;
}

/** What is written of each request to be added up, in the memory of the container. */
const countsFile = "/tmp/counts.log";

/** Whether anything must know what a request was about: then its login tells how it ended. */
export function isWatched({ log, counts, auditFolder }: RequestLogSettings): boolean {
  return log.format === "json" || counts || auditFolder !== undefined;
}

/**
 * The log of the proxy, for the http block. Nothing in it is a secret: a name is there if it is a user's, as one that
 * is not may be a password, and of an address only the path is. A line of JSON is short enough, however long agent and
 * path are, and so few are written at once, that the kernel never mixes the lines of two workers (PIPE_BUF).
 */
export function requestLog(settings: RequestLogSettings): string {
  const { log, counts, auditFolder } = settings;
  const text = `  log_format registry '$remote_addr $logged_user [$time_iso8601] "$request" $status $body_bytes_sent $request_length $request_time "$http_user_agent"';
  access_log /dev/stdout registry buffer=32k flush=1s;
`;
  const json = `  log_format registry escape=json '${jsonLine}';
  access_log /dev/stdout registry buffer=4k flush=1s;
`;
  const audit = `  log_format audit escape=json '${jsonLine}';
  access_log ${auditFolder}/$log_day.jsonl audit if=$audited;
`;
  const count = `  log_format counts '$log_action $status $log_login $request_time $log_bytes';
  access_log ${countsFile} counts buffer=32k flush=1s;
`;
  return [
    log.format === "json" ? json : text,
    auditFolder === undefined ? "" : audit,
    counts ? count : "",
  ].join("");
}

/**
 * The first field is looked up first: the tables behind it take the request apart for the others. nginx's own number of a
 * request would be random, which costs as much as all the rest.
 */
const jsonLine = `{${[
  '"time":"$time_iso8601"',
  '"action":"$log_action"',
  '"user":"$known_user"',
  '"login":"$log_login"',
  '"repository":"$log_repository$keeper_repository"',
  '"tag":"$log_tag$keeper_tag"',
  '"digest":"$log_digest$log_answered_digest$keeper_digest"',
  '"status":$log_status',
  '"registry_status":$log_registry_status',
  '"sent":$body_bytes_sent',
  '"received":$request_length',
  '"seconds":$request_time',
  '"client":"$remote_addr"',
  '"path":"$log_path"',
  '"method":"$log_method"',
  '"agent":"$log_agent"',
  '"request_id":"$connection-$connection_requests"',
].join(",")}}`;

/** Characters of names of repositories; what no repository is called is in the path alone. */
const repository = "(?<log_repository>[a-z0-9._/-]{1,255})";
const digest = `(?<log_digest>${anyDigest})`;
const reference = `(?:${digest}|(?<log_tag>${tag}))`;
const end = "(?:\\?|\\z)";
const reads = "(?:GET|HEAD)";
/** As it came, up to a length, and to what is no plain character. */
const path = (start: string) => `(?<log_path>${start}[!->@-~]{0,512})`;

/** What a request is about, by method and address. The end of a path says what it is, so that the last words count. */
const actions: readonly (readonly [request: string, action: string])[] = [
  [`${reads} /v2/${repository}/blobs/${digest}${end}`, "download"],
  [`[A-Z]+ /v2/${repository}/blobs/uploads/[^/?]*${end}`, "upload"],
  [`${reads} /v2/${repository}/manifests/${reference}${end}`, "pull"],
  [`PUT /v2/${repository}/manifests/${reference}${end}`, "push"],
  [`${reads} /(?:v2/|_token)${end}`, "login"],
  [`${reads} /v2/(?:_catalog|${repository}/(?:tags/list|referrers/${digest}))${end}`, "list"],
  [`DELETE /v2/${repository}/(?:manifests|blobs)/${reference}${end}`, "delete"],
  [`[A-Z]+ ${path("/_keeper/")}`, "keeper"],
  [`${reads} /metrics${end}`, "metrics"],
  [`[A-Z_-]* ${path("")}`, "other"],
];

/** Who asks, in a line of text. */
const userInText = `  map $known_user $logged_user {
    default $known_user;
    "" -;
  }
`;

/** Others are found by an expression. */
const usualMethods = ["GET", "HEAD", "PATCH", "POST", "PUT", "DELETE"];
const usualStatuses = [200, 201, 202, 204, 206, 304, 400, 403, 404, 416];

/** The tables that take requests apart, where anybody wants to know. */
export function requestTables(settings: RequestLogSettings): Feature {
  const http = settings.log.format === "json" ? "" : userInText;
  if (!isWatched(settings)) return { http };
  return {
    http: `${http}  variables_hash_max_size 2048;

  # What a request was about. What is plain text here is found without an expression.
  map "$request_method $request_uri" $log_action {
    default other;
    "GET /v2/" login;
    "GET /metrics" metrics;
${actions.map(([request, action]) => `    "~^${request}" ${action};\n`).join("")}  }
  # How its login ended. What is not checked was refused before.
  map $login_answer $log_login {
    default unchecked;
    "" $log_without_answer;
    200 ok;
    204 $log_without_password;
    403 ok;
    401 $log_wrong_login;
  }
  map $http_authorization $log_without_answer {
    default unchecked;
    "" none;
    "~*^basic og==\\z" none;
  }
  map $http_authorization $log_wrong_login {
    default refused;
    "" none;
    "~*^basic og==\\z" none;
  }
  map $known_user $log_without_password {
    default ok;
    "" none;
  }
  # Headers are looked through only where there may be one.
  map $log_action $log_answered_digest {
    default "";
    pull $log_named_digest;
    push $log_named_digest;
    upload $log_named_digest;
  }
  map $log_digest $log_named_digest {
    default "";
    "" $upstream_http_docker_content_digest;
  }
  # A number has no zero before it.
  map $status $log_status {
    default $status;
    000 0;
    009 9;
  }
  map $upstream_status $log_registry_status {
    default null;
    "" null;
${usualStatuses.map((status) => `    ${status} ${status};\n`).join("")}    "~(?<log_last_status>[1-9][0-9]{2})$" $log_last_status;
  }
  # As they came, up to a length, and to what is no plain character.
  map $request_method $log_method {
    default $request_method;
${usualMethods.map((method) => `    ${method} ${method};\n`).join("")}    "~^(?<log_short_method>[A-Z_-]{16})" $log_short_method;
  }
  map $http_user_agent $log_agent {
    default "";
    "" "";
    "~^(?<log_plain_agent>[ -~]{0,256})" $log_plain_agent;
  }
${settings.counts ? bytesTable : ""}  js_var $keeper_repository;
  js_var $keeper_tag;
  js_var $keeper_digest;
${settings.auditFolder === undefined ? "" : auditTables(actions.map(([, action]) => action))}`,
    modules: ["js"],
    // nginx looks for this folder before it opens a file with a variable in its name.
    ...(settings.auditFolder !== undefined && { server: "    root /tmp;\n" }),
  };
}

/** The bytes of what transfers images, in its direction. */
const bytesTable = `  map $log_action $log_bytes {
    default 0;
    pull $body_bytes_sent;
    download $body_bytes_sent;
    push $request_length;
    upload $request_length;
  }
`;
