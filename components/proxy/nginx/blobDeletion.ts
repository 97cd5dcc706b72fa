import { anyDigest } from "../../registry/grammar";
import { apiAnswer, apiHeaders } from "./apiAnswer";
import type { Feature } from "./feature";
import { ledElsewhere } from "./ledElsewhere";

/**
 * Nobody deletes a blob by its digest: the registry would take it from under every tag that needs it. The specification
 * allows a registry to refuse that. It is one place for all that serve blobs, behind the same guard; an upload under way
 * has another path, and is cancelled by the registry.
 *
 * @param guard Begins each location that clients reach.
 */
export function blobDeletion(guard: string): Feature {
  return {
    ...ledElsewhere({
      variable: "deletes_blob",
      requests: `/v2/.+/blobs/${anyDigest} DELETE`,
      location: "/_deletion",
    }),
    locations: `
    location = /_deletion {
      internal;
${guard}
      try_files /nothing @undeletable;
    }

    location @undeletable {
      ${apiHeaders}
      add_header Allow "GET, HEAD" always;
      ${apiAnswer(405, "UNSUPPORTED", "a blob is not deleted alone, as images share it: delete the tags of those images")}
    }
`,
  };
}
