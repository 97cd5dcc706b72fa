import { hexDigit } from "../grammar";

/** Where the registry keeps blobs in its data, by repository and by digest. */
const root = "/docker/registry/v2";

/** The http block's share: ranges, conditions and other methods than reading are the registry's. */
export const blobChecks = `
  map "$request_method$http_range$http_if_match$http_if_none_match$http_if_range$http_if_modified_since$http_if_unmodified_since" $blob_is_for_registry {
    default 1;
    GET 0;
    HEAD 0;
  }
`;

/**
 * The server block's share: whole blobs come from the registry's disk without passing through the registry, after
 * the same login, if the repository still links them, and with the registry's own headers. What is not there is
 * the registry's to tell.
 */
export function blobLocations(dataPath: string, login: string): string {
  return `
    location ~ "^/v2/(?<repository>.+)/blobs/sha256:(?<blob>(?<folder>${hexDigit}{2})${hexDigit}{62})$" {
${login}
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
      add_header Docker-Distribution-Api-Version registry/2.0;
      add_header Etag '"sha256:$blob"';
      add_header Cache-Control max-age=31536000;
      add_header X-Content-Type-Options nosniff;
      add_header Last-Modified "";
      try_files /blobs/sha256/$folder/$blob/data @registry;
    }
`;
}
