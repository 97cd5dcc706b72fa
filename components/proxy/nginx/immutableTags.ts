import type { Entrance } from "./entrance";
import type { Feature } from "./feature";
import { forwardTo } from "./forward";
import { ledElsewhere } from "./ledElsewhere";

/** Bytes of the largest manifest that the registry takes. */
const largestManifest = 4 * 1024 * 1024;

/** Whatever a tag may name. */
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "*/*",
].join(", ");

/** In a location, in place of passing a change of a manifest on: looks first whether a tag forbids it. */
export const lookAtTags = `      js_import immutableTags from immutableTags.js;
      js_content immutableTags.change;`;

/** Tags that never name another image. Pushes of manifests a firewall has led elsewhere before. */
export function immutableTags({ guardFor }: Entrance): Feature {
  return {
    modules: ["js"],
    ...ledElsewhere({
      variable: "changes_manifest",
      requests: "/v2/.+/manifests/[^/]+ (?:PUT|DELETE)",
      location: "/_change",
    }),
    locations: `
    location = /_change {
      internal;
${guardFor(largestManifest)}
${lookAtTags}
    }

    location = /_manifest_of {
      internal;
      subrequest_output_buffer_size 1m;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Accept "${manifestTypes}";
${forwardTo("/v2/$arg_path?n=$arg_n&last=$arg_last")}
    }
`,
  };
}
