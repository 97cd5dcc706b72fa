import { hexDigit } from "../../registry/grammar";
import type { Feature } from "./feature";
import { forward } from "./forward";

/** Where the proxy keeps the blobs that it has passed on, and how many. */
export interface BlobCacheSettings {
  readonly folder: string;
  readonly sizeGib: number;
}

/** Bytes that are fetched and kept as one. What waits for a blob waits for one of these. */
const slice = "8m";

/**
 * Seconds that others wait for a slice that one fetches: longer than that takes at 10 MB/s with fifteen blobs at a time.
 * Whoever waited longer would fetch it too.
 */
const fetchSeconds = 120;

/** Free space that the cache leaves on its disk. */
const leastFree = "1g";

/** Whole blobs, and what is left of one after a download that was cut; the rest is the registry's to answer. */
const requests = `
  map "$request_method $http_range $http_if_match$http_if_none_match$http_if_range$http_if_modified_since$http_if_unmodified_since" $blob_is_not_cached {
    default 1;
    "GET  " 0;
    "~^GET bytes=[0-9]+-[0-9]* $" 0;
  }
`;

/**
 * Blobs from the proxy's own disk where the registry has them in an object store. The registry is asked first whether this
 * repository has the blob, so that a blob is found by its digest alone. Many who ask for the same at once cause one
 * fetch of each slice, and all have the first bytes as soon as it is there.
 *
 * @param guard Begins each location that clients reach.
 */
export function blobCache({ folder, sizeGib }: BlobCacheSettings, guard: string): Feature {
  return {
    http: `  proxy_cache_path ${folder} levels=1:2 keys_zone=blobs:16m max_size=${sizeGib}g min_free=${leastFree} inactive=30d use_temp_path=off;
${requests}`,
    locations: `
    location ~ "^/v2/.+/blobs/sha256:(?<cached_blob>${hexDigit}{64})$" {
${guard}
      try_files /nothing @cached_blob;
    }

    location @cached_blob {
      # nginx makes a 500 of whatever the registry says but yes; it then says so itself.
      error_page 418 500 = @registry;
      error_page 502 503 504 =503 @unavailable;
      if ($blob_is_not_cached) {
        return 418;
      }
      auth_request /_has_blob;
      slice ${slice};
      proxy_cache blobs;
      proxy_cache_key $cached_blob$slice_range;
      proxy_cache_valid 206 365d;
      proxy_cache_lock on;
      proxy_cache_lock_age ${fetchSeconds}s;
      proxy_cache_lock_timeout ${fetchSeconds}s;
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;
      proxy_set_header Range $slice_range;
${forward}
    }

    location = /_has_blob {
      internal;
      proxy_method HEAD;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Range "";
${forward}
    }
`,
  };
}
