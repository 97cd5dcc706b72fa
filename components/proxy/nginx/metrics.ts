import type { ResolvedMetrics } from "../../watch/defaults";
import { addressTable } from "./addressTable";
import type { Feature } from "./feature";

/** Name of the script among the files of the proxy. */
export const metricsScriptFile = "metrics.js";

const answer = `      js_import metrics from ${metricsScriptFile};
      js_content metrics.answer;`;

/**
 * Figures of the proxy, the keeper and the registry at one address, for Prometheus.
 *
 * @param guard Begins each location that clients reach.
 */
export function metrics({ allowedAddresses }: ResolvedMetrics, guard: string): Feature {
  return {
    modules: ["js"],
    http: allowedAddresses.length === 0 ? "" : `\n${openTables(allowedAddresses)}`,
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
