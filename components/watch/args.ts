import type { LogFormat } from "../registry/args";

/** What the proxy writes down of requests. */
export interface LogArgs {
  /** Form of its line for each request: "text" or "json", where each line says who did what. @default "text" */
  readonly format?: LogFormat;
  /**
   * Days for which the keeper has a line of each write and each refused login, for `images audit`. 0: none is written,
   * and those there are go.
   * @default 0
   */
  readonly auditDays?: number;
}

/** Figures for Prometheus at `/metrics`, on the port of the registry. */
export interface MetricsArgs {
  /**
   * Users who may read them.
   * @default <every user; with `access`, those who may delete everywhere>
   */
  readonly users?: string[];
  /**
   * Networks such as "192.0.2.0/24", or addresses, from where they are read without a login; behind a load balancer those
   * that it tells.
   * @default []
   */
  readonly allowedAddresses?: string[];
}
