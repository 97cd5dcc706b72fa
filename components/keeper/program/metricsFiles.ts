/** Files below `state` with the keeper's figures, in the text format of Prometheus: each has figures of its own. */
export const keeperMetricsFiles = ["disk.prom", "space.prom", "runs.prom"] as const;
