import { LogFormat } from "../registry/args";
import type { LogArgs, MetricsArgs } from "./args";

/** What is written down of requests, with every default. */
export function resolvedLog(args: LogArgs = {}) {
  return {
    format: args.format ?? LogFormat.Text,
    auditDays: args.auditDays ?? 0,
  };
}

export type ResolvedLog = ReturnType<typeof resolvedLog>;

/** The settings of metrics with every default. */
export function resolvedMetrics(args: MetricsArgs = {}) {
  return {
    ...args,
    allowedAddresses: args.allowedAddresses ?? [],
  };
}

export type ResolvedMetrics = ReturnType<typeof resolvedMetrics>;
