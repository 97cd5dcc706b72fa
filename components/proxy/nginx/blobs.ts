import { hexDigit } from "../../registry/grammar";
import { apiHeaders } from "./apiAnswer";
import type { Feature } from "./feature";

/** Where the registry keeps blobs in its data, by repository and by digest. */
const root = "/docker/registry/v2";

/** Ranges, conditions and other methods than reading are the registry's. */
const blobChecks = `
  map "$request_method$http_range$http_if_match$http_if_none_match$http_if_range$http_if_modified_since$http_if_unmodified_since" $blob_is_for_registry {
    default 1;
    GET 0;
    HEAD 0;
  }
`;

/**
 * Whole blobs come from the registry's disk without passing through the registry, behind the same guard, if the
 * repository still links them, and with the registry's own headers. What is not there is the registry's to tell.
 *
 * @param guard Begins each location that clients reach.
 */
export function blobs(dataPath: string, guard: string): Feature {
  return {
    http: blobChecks,
    locations: `
    location ~ "^/v2/(?<repository>.+)/blobs/sha256:(?<blob>(?<folder>${hexDigit}{2})${hexDigit}{62})$" {
${guard}
      try_files /nothing @blob;
    }

    location @blob {
      root ${dataPath}${root};
      error_page 418 = @registry;
      if ($blob_is_for_registry) {
        return 418;
      }
      if (!-f ${dataPath}${root}/repositories/$repository/_layers/sha256/$blob/link) {
        return 418;
      }
      etag off;
      types {}
      default_type application/octet-stream;
      add_header Docker-Content-Digest sha256:$blob;
      ${apiHeaders}
      add_header Etag '"sha256:$blob"';
      add_header Cache-Control max-age=31536000;
      add_header Last-Modified "";
      try_files /blobs/sha256/$folder/$blob/data @registry;
    }
`,
  };
}
