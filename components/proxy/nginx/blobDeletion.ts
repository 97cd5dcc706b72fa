import { anyDigest } from "../../registry/grammar";
import { apiAnswer, apiVersionHeader } from "./apiAnswer";
import type { Feature } from "./feature";

/**
 * Nobody deletes a blob by its digest: the registry would take it from under every tag that needs it. The specification
 * allows a registry to refuse that. It is one place for all that serve blobs, behind the same guard; an upload under way
 * has another path, and is cancelled by the registry.
 *
 * @param guard Begins each location that clients reach.
 */
export function blobDeletion(guard: string): Feature {
  return {
    http: `
  # In the questions that the proxy asks itself, the first is another.
  map "$uri $request_method" $deletes_blob {
    volatile;
    default 0;
    "~^/v2/.+/blobs/${anyDigest} DELETE$" 1;
  }
`,
    server: `
    if ($deletes_blob) {
      rewrite ^ /_deletion last;
    }
`,
    locations: `
    location = /_deletion {
      internal;
${guard}
      try_files /nothing @undeletable;
    }

    location @undeletable {
      ${apiVersionHeader} always;
      add_header Allow "GET, HEAD" always;
      ${apiAnswer(405, "UNSUPPORTED", "a blob is not deleted alone, as images share it: delete the tags of those images")}
    }
`,
  };
}
