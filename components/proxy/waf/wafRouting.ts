import { inQuery, repositoryName, uploadId } from "../../registry/grammar";
import { internalServer, internalSocket } from "../nginx/internalServer";
import { unknownArgument } from "../nginx/requestChecks";

const uploadsPath = `/v2/${repositoryName}/blobs/uploads/`;
const uploadArgument = `(?:(?:mount|digest)=${inQuery.digest}|from=${inQuery.repositoryName}|_state=${inQuery.uploadState}|ns=${inQuery.upstreamHost}|${unknownArgument})`;
/** More arguments are for the rules of other requests: those for uploads cannot say that there are too many. */
const uploadQuery = `(?:\\?${uploadArgument}(?:&${uploadArgument}){0,99})?`;

/**
 * For the http block. ModSecurity reads the whole body of a request before it goes on. An upload's own must not wait in
 * the proxy, so that what is an upload by method, path and query is inspected without it, by a server that is asked
 * first.
 */
export function wafTables(rulesPath: string): string {
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
    server ${internalSocket("rules")};
    keepalive 16;
  }

${internalServer(
  "rules",
  `
    location / {
      modsecurity on;
      error_log stderr info;
      try_files /nothing @passed;
    }

    location @passed {
      return 204;
    }
`,
)}`;
}

/** For the server block, before its locations: leads each request to where it is inspected. */
export const wafRoutes = `
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
