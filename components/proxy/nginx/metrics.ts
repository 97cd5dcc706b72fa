import type { ResolvedMetrics } from "../../watch/defaults";
import { addressTable } from "./addressTable";
import type { Feature } from "./feature";

/** Names of the scripts among the files of the proxy. */
export const countersScriptFile = "counters.js";
export const metricsScriptFile = "metrics.js";

const answer = `      js_import metrics from ${metricsScriptFile};
      js_content metrics.answer;`;

/**
 * Figures of the proxy, the keeper and the registry at one address, for Prometheus. A zone of this name holds whole
 * numbers by names; a reload that counts otherwise must take another name.
 *
 * @param guard Begins each location that clients reach.
 */
export function metrics({ allowedAddresses }: ResolvedMetrics, guard: string): Feature {
  return {
    modules: ["js"],
    http: `
  js_import counters from ${countersScriptFile};
  js_shared_dict_zone zone=counters:1m type=number;
  js_set $counted counters.count;
${allowedAddresses.length === 0 ? "" : openTables(allowedAddresses)}`,
    ...(allowedAddresses.length > 0 && {
      server: `
    if ($open_metrics) {
      rewrite ^ /_metrics last;
    }
`,
    }),
    locations: `
    location = /metrics {
${guard}
      try_files /nothing @metrics;
    }

    location @metrics {
${answer}
    }
${allowedAddresses.length === 0 ? "" : openLocation}`,
  };
}

function openTables(networks: readonly string[]): string {
  return `${addressTable("metrics_login", networks)}  map "$uri $metrics_login" $open_metrics {
    volatile;
    default 0;
    "/metrics 0" 1;
  }
`;
}

const openLocation = `
    location = /_metrics {
      internal;
${answer}
    }
`;
