import { yamlText } from "../base/yamlText";
import type { WatchedRegistry } from "./scrapeConfig";

interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so. */
  readonly for: string;
  readonly severity: "warning" | "critical";
  /** What is so, and what you do. */
  readonly summary: string;
  readonly remedy: string;
}

const [hour, day] = [3600, 86_400];

/** Rules of alerts for Prometheus, one file for each registry. */
export function alertRules(registry: WatchedRegistry): string {
  const rules = [
    ...ofProxy(registry),
    ...(registry.servesCertificate ? ofCertificate(registry) : []),
    ...(registry.hasKeeper ? ofKeeper(registry) : []),
  ];
  return yamlText({
    groups: [
      {
        name: `private-registry ${registry.address}`,
        rules: rules.map(({ alert, expr, for: time, severity, summary, remedy }) => ({
          alert,
          expr,
          for: time,
          labels: { severity, registry: registry.address },
          annotations: { summary: `${registry.address}: ${summary}`, description: remedy },
        })),
      },
    ],
  });
}

function ofProxy(registry: WatchedRegistry): Alert[] {
  const of = matching(registry);
  return [
    {
      alert: "RegistryNotScraped",
      expr: `up${of()} == 0 or absent(up${of()})`,
      for: "5m",
      severity: "critical",
      summary: "it does not answer at /metrics",
      remedy:
        "If clients cannot pull either, see npm run status. Else look at the login of Prometheus and at its targets.",
    },
    {
      alert: "RegistryErrors",
      expr:
        `sum(rate(private_registry_requests_total${of('code=~"5.."')}[10m])) ` +
        `> 0.05 * sum(rate(private_registry_requests_total${of()}[10m])) ` +
        `and sum(increase(private_registry_requests_total${of('code=~"5.."')}[10m])) > 5`,
      for: "10m",
      severity: "critical",
      summary: "more than 5 % of the requests end with an error of the server",
      remedy: "See npm run status, then the logs of the registry and of the proxy.",
    },
    {
      alert: "RegistryLoginsRefused",
      expr: `sum(increase(private_registry_logins_total${of('outcome="refused"')}[10m])) > 50`,
      for: "5m",
      severity: "warning",
      summary: "many logins are refused",
      remedy:
        "A machine has an old password, or somebody tries some: npm run images -- audit --refused tells from where, limits.allowedAddresses keeps them out.",
    },
    {
      alert: "RegistryLoginEnds",
      expr: `private_registry_login_end_timestamp_seconds${of()} - time() < ${14 * day}`,
      for: "1h",
      severity: "warning",
      summary: "the login of {{ $labels.user }} ends within 14 days, or has ended",
      remedy: "Write another day into expires of that user, or take the user out, then npm run up.",
    },
  ];
}

function ofCertificate(registry: WatchedRegistry): Alert[] {
  return [
    {
      alert: "RegistryCertificateEnds",
      expr: `private_registry_certificate_end_timestamp_seconds${matching(registry)()} - time() < ${14 * day}`,
      for: "1h",
      severity: "critical",
      summary: "the certificate ends within 14 days",
      remedy:
        "npm run up renews a generated one. A certificate of your own you renew; for ACME see the log of the renewer.",
    },
  ];
}

function ofKeeper(registry: WatchedRegistry): Alert[] {
  const of = matching(registry);
  const { refuseAtPercent, collectAtPercent } = registry;
  return [
    {
      alert: "RegistryDiskFills",
      expr: `private_registry_disk_full_ratio${of()} >= ${collectAtPercent / 100}`,
      for: "15m",
      severity: "warning",
      summary: `the disk of the images is more than ${collectAtPercent} % full`,
      remedy:
        "npm run images -- report tells what takes the space. Delete images, write rules of retention, or take a larger disk.",
    },
    {
      alert: "RegistryDiskFull",
      expr: `private_registry_pushes_refused${of()} == 1 or private_registry_disk_full_ratio${of()} >= ${refuseAtPercent / 100}`,
      for: "5m",
      severity: "critical",
      summary: "the disk of the images is full, and no push begins",
      remedy: "Delete images that nobody needs, then npm run images -- collect; or take a larger disk.",
    },
    {
      alert: "RegistryTaskOverdue",
      expr: `time() - private_registry_task_success_timestamp_seconds${of('task=~"collection|retention|backup"')} > ${2 * day}`,
      for: "1h",
      severity: "warning",
      summary: "the last {{ $labels.task }} that ended well is more than two days ago",
      remedy: "npm run status and npm run images -- report tell why.",
    },
    {
      alert: "RegistryTaskFailed",
      expr: `private_registry_task_ok${of()} == 0`,
      for: "1h",
      severity: "warning",
      summary: "the last {{ $labels.task }} of the keeper failed",
      remedy: "npm run images -- report shows what the keeper says of it.",
    },
    {
      alert: "RegistryKeeperSilent",
      expr: `time() - private_registry_keeper_seen_timestamp_seconds${of()} > ${hour / 6}`,
      for: "5m",
      severity: "warning",
      summary: "the keeper writes no figures any more",
      remedy: "See npm run status, then the log of the keeper; npm run restart starts it anew.",
    },
  ];
}

/** The selector of figures of this registry, with further conditions. */
function matching({ address }: WatchedRegistry): (further?: string) => string {
  return (further) => `{instance="${address}"${further === undefined ? "" : `,${further}`}}`;
}
