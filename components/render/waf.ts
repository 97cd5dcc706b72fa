import { inQuery, repositoryName, uploadId } from "../grammar";
import { errorBody } from "./authentication";
import { unknownArgument } from "./requestChecks";

/** Where the web application firewall stands in an nginx.conf. */
export interface WafSettings {
  /** Path of the rules' configuration. */
  readonly rulesPath: string;
  /** Bytes of a request body that is inspected; a longer one is refused. */
  readonly bodyLimit: number;
}

const uploadsPath = `/v2/${repositoryName}/blobs/uploads/`;
const uploadArgument = `(?:(?:mount|digest)=${inQuery.digest}|from=${inQuery.repositoryName}|_state=${inQuery.uploadState}|ns=${inQuery.upstreamHost}|${unknownArgument})`;
/** More arguments are for the rules of other requests: those for uploads cannot say that there are too many. */
const uploadQuery = `(?:\\?${uploadArgument}(?:&${uploadArgument}){0,99})?`;

/** Where images have the modules of nginx; `modules` leads there but in OWASP's image. */
export const modulesPath = "/usr/lib/nginx/modules";

/** Before the http block, with the module of every front. */
export const wafModules = `load_module ${modulesPath}/ngx_http_js_module.so;
load_module ${modulesPath}/ngx_http_modsecurity_module.so;`;

/**
 * The http block's share. ModSecurity reads the whole body of a request before it goes on. An upload's own must
 * not wait in the proxy, so that what is an upload by method, path and query is inspected without it, by a server
 * that is asked first.
 */
export function wafChecks({ rulesPath }: WafSettings): string {
  return `
  modsecurity_rules_file ${rulesPath};

  # In the questions that the proxy asks itself, the first is another.
  map "$uri $request_method $request_uri" $upload {
    volatile;
    default 0;
    "~^/v2/[^ ]+ POST ${uploadsPath}${uploadQuery}$" 1;
    "~^/v2/[^ ]+ (?:GET|HEAD|PATCH|PUT|DELETE) ${uploadsPath}${uploadId}${uploadQuery}$" 1;
  }

  map "$uri $request_method" $manifest_push {
    volatile;
    default 0;
    "~^/v2/.+/manifests/[^/]+ PUT$" 1;
  }

  upstream rules {
    server unix:/tmp/rules.sock;
    keepalive 16;
  }

  server {
    listen unix:/tmp/rules.sock;
    access_log off;
    set_real_ip_from unix:;
    real_ip_header X-Real-IP;

    location / {
      modsecurity on;
      error_log stderr info;
      try_files /nothing @passed;
    }

    location @passed {
      return 204;
    }
  }
`;
}

/** The server block's share, before its locations: rules judge what the API does not know, too. */
export const wafRouting = `
    error_page 403 @forbidden;
    error_page 413 @too_large;

    if ($refused) {
      rewrite ^ /_refused last;
    }
    if ($upload) {
      rewrite ^ /_upload last;
    }
    if ($manifest_push) {
      rewrite ^ /_manifest last;
    }
`;

/**
 * In a location: the rules, before anything else. What they find is logged at level info. Nothing may answer
 * earlier than they, as `return` and `error_page` do. Only manifests have a body worth mentioning.
 */
export function inspected(bodyLimit: number): string {
  return `      modsecurity on;
      error_log stderr info;
      client_max_body_size ${bodyLimit};
      client_body_buffer_size 128k;
      client_body_timeout 60s;`;
}

/** The same, where no request of the API has a body. */
export const inspectedHead = inspected(16_384);

/** What its locations have in common with the others: parts of locations, and answers. */
export interface SharedParts {
  readonly login: string;
  readonly forward: string;
  readonly refused: string;
  readonly unknown: string;
}

/** The server block's share. */
export function wafLocations(
  { bodyLimit }: WafSettings,
  { login, forward, refused, unknown }: SharedParts,
): string {
  return `
    location = /_refused {
      internal;
${inspectedHead}
      try_files /nothing @refused;
    }

    location @refused {
      ${refused}
    }

    location @unknown {
      ${unknown}
    }

    location = /_upload {
      internal;
      auth_request /_rules;
      try_files /nothing @upload;
    }

    location = /_rules {
      internal;
      proxy_pass http://rules$request_uri;
      proxy_http_version 1.1;
      proxy_method $request_method;
      proxy_pass_request_body off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header Content-Length 0;
      proxy_set_header Authorization "";
    }

    location @upload {
${login}
${forward}
      proxy_set_header Content-Type application/octet-stream;
    }

    # Who pushes a manifest logs in first: its body may take long to inspect.
    location = /_manifest {
      internal;
${login}
      client_max_body_size ${bodyLimit};
      try_files /nothing @manifest;
    }

    location @manifest {
${inspected(bodyLimit)}
${forward}
    }

    location @forbidden {
      return 403 '${errorBody("DENIED", "the firewall refused the request: the log of the proxy names the rule")}';
    }

    location @too_large {
      return 413 '${errorBody("SIZE_INVALID", "the body is larger than the firewall inspects")}';
    }
`;
}
