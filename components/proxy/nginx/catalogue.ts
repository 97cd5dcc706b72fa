import { type Entrance, noBody } from "./entrance";
import type { Feature } from "./feature";
import { forwardTo } from "./forward";

/** The list of repositories shows what its user may pull. */
export function catalogue({ guardFor }: Entrance): Feature {
  return {
    modules: ["js"],
    http: `
  js_shared_dict_zone zone=walks:32k timeout=10s;
`,
    locations: `
    location = /v2/_catalog {
${guardFor(noBody)}
      js_import catalogue from catalogue.js;
      js_content catalogue.answer;
    }

    location = /_catalogue_page {
      internal;
      subrequest_output_buffer_size 1m;
${forwardTo("/v2/_catalog?$args")}
    }
`,
  };
}
