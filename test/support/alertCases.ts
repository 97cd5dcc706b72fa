// For each alert figures with which it fires, and such with which it does not.
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { WatchedRegistry } from "../../components/watch/scrapeConfig";

export const watched: WatchedRegistry = {
  address: "registry.example.com:443",
  hasTls: true,
  hasOwnAuthority: true,
  needsClientCertificate: false,
  user: "alice",
  servesCertificate: true,
  hasKeeper: true,
  refuseAtPercent: 90,
  collectAtPercent: 80,
};

/** Series by their names and labels, each with its values minute by minute as promtool writes them. */
interface Series {
  readonly [series: string]: string;
}

interface Case {
  readonly fires: Series;
  readonly quiet: Series;
  readonly labels?: { readonly [label: string]: string };
}

const of = (figure: string, ...labels: string[]) =>
  `${figure}{${[`instance="${watched.address}"`, ...labels].join(",")}}`;
const always = (value: number) => `${value}x200`;
const growing = (each: number) => `0+${each}x200`;
const [hour, day] = [3600, 86_400];
/** When it is looked, in seconds: the clock of promtool begins at 0. */
const looked = 3 * hour;
const up = { [of("up")]: always(1) };

const task = (name: string, figure: string) => of(figure, `task="${name}"`);
const requests = (code: string) => of("private_registry_requests_total", 'action="pull"', `code="${code}"`);

export const alertCases: { readonly [alert: string]: Case } = {
  RegistryNotScraped: { fires: { [of("up")]: always(0) }, quiet: up },
  RegistryErrors: {
    fires: { [requests("503")]: growing(6), [requests("200")]: growing(94) },
    quiet: { [requests("503")]: growing(4), [requests("200")]: growing(96), [requests("404")]: growing(50) },
  },
  RegistryLoginsRefused: {
    fires: { [of("private_registry_logins_total", 'outcome="refused"')]: growing(6) },
    quiet: {
      [of("private_registry_logins_total", 'outcome="refused"')]: growing(4),
      [of("private_registry_logins_total", 'outcome="ok"')]: growing(100),
    },
  },
  RegistryLoginEnds: {
    fires: { [of("private_registry_login_end_timestamp_seconds", 'user="ci"')]: always(looked + 13 * day) },
    quiet: { [of("private_registry_login_end_timestamp_seconds", 'user="ci"')]: always(looked + 15 * day) },
    labels: { user: "ci" },
  },
  RegistryCertificateEnds: {
    fires: { [of("private_registry_certificate_end_timestamp_seconds")]: always(looked + 13 * day) },
    quiet: { [of("private_registry_certificate_end_timestamp_seconds")]: always(looked + 15 * day) },
  },
  RegistryDiskFills: {
    fires: { [of("private_registry_disk_full_ratio")]: always(0.8) },
    quiet: { [of("private_registry_disk_full_ratio")]: always(0.79) },
  },
  RegistryDiskFull: {
    fires: { [of("private_registry_pushes_refused")]: always(1) },
    quiet: {
      [of("private_registry_pushes_refused")]: always(0),
      [of("private_registry_disk_full_ratio")]: always(0.89),
    },
  },
  RegistryTaskOverdue: {
    fires: {
      [task("collection", "private_registry_task_success_timestamp_seconds")]: always(looked - 50 * hour),
    },
    quiet: {
      [task("collection", "private_registry_task_success_timestamp_seconds")]: always(looked - 47 * hour),
      [task("scrub", "private_registry_task_success_timestamp_seconds")]: always(0),
    },
    labels: { task: "collection" },
  },
  RegistryTaskFailed: {
    fires: { [task("collection", "private_registry_task_ok")]: always(0) },
    quiet: { [task("collection", "private_registry_task_ok")]: always(1) },
    labels: { task: "collection" },
  },
  RegistryKeeperSilent: {
    fires: { [of("private_registry_keeper_seen_timestamp_seconds")]: always(looked - 1200) },
    quiet: { [of("private_registry_keeper_seen_timestamp_seconds")]: always(looked - 300) },
  },
};

/** A file for `promtool test rules`: each alert once with the figures with which it fires, and once without. */
export function ruleTests(rulesFile: string): string {
  const rules: Rule[] = parse(readFileSync(rulesFile, "utf8")).groups[0].rules;
  const tests = Object.entries(alertCases).flatMap(([alert, { fires, quiet, labels = {} }]) =>
    [fires, quiet].map((series) => ({
      interval: "1m",
      input_series: Object.entries({ ...(alert === "RegistryNotScraped" ? {} : up), ...series }).map(
        ([name, values]) => ({ series: name, values }),
      ),
      alert_rule_test: [
        {
          eval_time: `${looked}s`,
          alertname: alert,
          exp_alerts: series === fires ? [expected(rules, alert, labels)] : [],
        },
      ],
    })),
  );
  return stringify({ rule_files: [rulesFile], evaluation_interval: "1m", tests });
}

interface Rule {
  readonly alert: string;
  readonly labels: { readonly [label: string]: string };
  readonly annotations: { readonly [name: string]: string };
}

/** The labels of the figures, unless they are summed up, and those of the rule; and what it says. */
function expected(rules: readonly Rule[], alert: string, labels: { readonly [label: string]: string }) {
  const rule = rules.find((each) => each.alert === alert);
  const summed = ["RegistryErrors", "RegistryLoginsRefused"].includes(alert);
  const said = (text: string) =>
    text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? "");
  return {
    exp_labels: { ...(!summed && { instance: watched.address }), ...labels, ...rule?.labels },
    exp_annotations: Object.fromEntries(
      Object.entries(rule?.annotations ?? {}).map(([name, text]) => [name, said(text)]),
    ),
  };
}
