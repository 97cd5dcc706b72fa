import { alertRules } from "./alertRules";
import { dashboard } from "./dashboard";
import { scrapeConfig, type WatchedRegistry } from "./scrapeConfig";

/** What Prometheus and Grafana take of a registry, by names of files. */
export function watchFiles(registry: WatchedRegistry): { readonly [file: string]: string } {
  return {
    "scrape.yml": scrapeConfig(registry),
    "alerts.yml": alertRules(registry),
    "dashboard.json": dashboard(registry),
  };
}
