import { pauseFlag } from "../../docker/paths";
import { apiAnswer, fileAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/**
 * A registry that keeps images in an object store: what it says of a failure has the store's address and paths in it, which
 * are no client's business; and nothing is written while its own collector works, as the answer says.
 *
 * Before the feature that leads errors elsewhere: of two error pages for one status nginx takes the first.
 *
 * @param guard Begins each location that clients reach.
 */
export function objectStore(guard: string): Feature {
  const away = apiAnswer(503, "UNAVAILABLE", "the store of the images does not answer, try again", 5);
  return {
    http: `
  # In the questions that the proxy asks itself, the path is another. What is refused anyway is refused for that.
  map "$refused $uri $request_method" $pause_flag {
    volatile;
    default "";
    "~^0 /v2/.* (?:POST|PUT|PATCH|DELETE)$" ${pauseFlag};
  }
`,
    server: `
    proxy_intercept_errors on;
    error_page 500 = @store_failed;
    error_page 503 = @store_away;
    if (-f $pause_flag) {
      rewrite ^ /_paused last;
    }
`,
    locations: `
    location @store_failed {
      if ($upstream_status) {
        ${away}
      }
      try_files /nothing @unverified;
    }

    location @store_away {
      if ($upstream_status = 503) {
        ${away}
      }
      try_files /nothing @unavailable;
    }

    location = /_paused {
      internal;
${guard}
      try_files /nothing @paused;
    }

    location @paused {
      error_page 403 /_pause;
      return 403;
    }

    location = /_pause {
      internal;
      ${fileAnswer(pauseFlag)}
    }
`,
  };
}
