// What tests read of a stack that is watched.
import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { output, run } from "../../tools/shell";
import type { RegistryClient } from "./client";

/** A line of the proxy's log in JSON. */
export interface LogLine {
  readonly action: string;
  readonly user: string;
  readonly login: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly status: number;
  readonly sent: number;
  readonly received: number;
  readonly agent: string;
  readonly path: string;
}

/** All lines of requests in the log of a proxy, each of which must be JSON. */
export async function logLines(proxy: string): Promise<LogLine[]> {
  const { stdout } = await run(["docker", "logs", proxy]);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** Values of figures by their names and labels, as they stand in the text. */
export function figuresIn(text: string): Map<string, number> {
  const rows = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    rows.map((row) => [row.slice(0, row.lastIndexOf(" ")), Number(row.slice(row.lastIndexOf(" ")))]),
  );
}

/** What the counters must be after these requests, but for those for metrics themselves. */
export function countersOf(lines: readonly LogLine[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (key: string, value: number) => {
    if (value > 0) sums.set(`private_registry_${key}`, (sums.get(`private_registry_${key}`) ?? 0) + value);
  };
  for (const { action, status, login, sent, received } of lines.filter((line) => line.action !== "metrics")) {
    add(`requests_total{action="${action}",code="${status}"}`, 1);
    add(`request_duration_seconds_count{action="${action}"}`, 1);
    if (["push", "upload"].includes(action)) add(`bytes_total{action="${action}"}`, received);
    if (["pull", "download"].includes(action)) add(`bytes_total{action="${action}"}`, sent);
    if (login === "ok" || login === "refused") add(`logins_total{outcome="${login}"}`, 1);
  }
  return sums;
}

/** The counters at `/metrics`, but for those of requests for metrics, whose logins are among all others. */
export async function countersAt(client: RegistryClient, user: string): Promise<Map<string, number>> {
  const { status, body } = await client.ask("/metrics", { user });
  assert.equal(status, 200, body);
  const isCounter =
    /^private_registry_(?:requests_total|request_duration_seconds_count|bytes_total)\{action="(?!metrics)/;
  return new Map([...figuresIn(body)].filter(([key]) => isCounter.test(key)));
}

/** prometheus.yml of a registry's own scrape configuration, with files of a folder and often enough for a test. */
export function prometheusConfig(scrape: string): string {
  const { scrape_configs: jobs }: { scrape_configs: object[] } = parse(
    scrape.replaceAll("/etc/prometheus/private-registry/", ""),
  );
  return stringify({
    scrape_configs: jobs.map((job) => ({ ...job, scrape_interval: "1s" })),
    rule_files: ["alerts.yml"],
  });
}

/** The expressions of a dashboard, as Grafana asks them for one instance. */
export function expressionsOf(dashboard: string, instance: string): string[] {
  const { panels }: { panels: { targets: { expr: string }[] }[] } = JSON.parse(dashboard);
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll("$instance", instance).replaceAll("$__rate_interval", "1m")),
  );
}

/** Everything that containers of a stack have logged, and the audit files. */
export async function allLogs(stack: string): Promise<string> {
  const labels = [
    "--filter",
    "label=private-registry.project=private-registry",
    "--filter",
    `label=private-registry.stack=${stack}`,
  ];
  const ids = (await output(["docker", "ps", "-aq", ...labels])).split("\n").filter(Boolean);
  const logs = await Promise.all(ids.map((id) => run(["docker", "logs", id])));
  const audit = await output([
    ...["docker", "exec", `private-registry-${stack}-main-keeper`, "sh", "-c"],
    "cat /var/lib/private-registry-keeper/audit/*",
  ]);
  return [...logs.map(({ stdout, stderr }) => stdout + stderr), audit].join("\n");
}
