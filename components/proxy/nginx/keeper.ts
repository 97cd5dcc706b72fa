import { hexDigit } from "../../registry/grammar";
import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/** Name of the script among the files of the proxy. */
export const keeperScriptFile = "keeperRequests.js";

const answer = `/${hexDigit}{32}`;

/** What a body may have: some names and digests. */
const longestBody = "4k";

/**
 * How clients reach the keeper, which has no network: a request is a file in the control volume, and so is its answer.
 * All of it is behind the guard; who may ask for what is decided in the script. A body of more than four digits' length
 * is not read, and neither is a longer one that does not say how long it is.
 *
 * @param controlPath Where the proxy has the control volume.
 * @param guard Begins each location that clients reach.
 */
export function keeper(controlPath: string, guard: string): Feature {
  return {
    modules: ["js"],
    http: `
  map $http_content_length $keeper_body_refused {
    default 1;
    "" 0;
    "~^(?:[0-9]{1,3}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-6])$" 0;
  }
`,
    locations: `
    location /_keeper/ {
${guard}
      try_files /nothing @keeper;
    }

    location @keeper {
      client_max_body_size ${longestBody};
      error_page 413 = @long_request;
      if ($keeper_body_refused) {
        return 413;
      }
      add_header Cache-Control no-store always;
      add_header X-Content-Type-Options nosniff always;
      js_import keeper from ${keeperScriptFile};
      js_content keeper.handle;
    }

    location @long_request {
      ${apiAnswer(413, "SIZE_INVALID", "a request for the keeper has at most 4096 bytes")}
    }
${answerLocation(controlPath, "text", "text/plain; charset=utf-8")}${answerLocation(controlPath, "json", "application/json")}
    # The same with the status of a command that failed.
    location ~ "^/_failures(?<failure>${answer}/(?:text|json))$" {
      internal;
      error_page 422 /_answers$failure;
      return 422;
    }
`,
  };
}

/** Sends a file of the keeper's, as it is. */
function answerLocation(controlPath: string, format: string, type: string): string {
  return `
    location ~ "^/_answers(?<${format}_answer>${answer}/${format})$" {
      internal;
      alias ${controlPath}/answers$${format}_answer;
      types {}
      default_type "${type}";
      etag off;
      max_ranges 0;
      if_modified_since off;
      add_header Last-Modified "";
      add_header Cache-Control no-store always;
      add_header X-Content-Type-Options nosniff always;
    }
`;
}
