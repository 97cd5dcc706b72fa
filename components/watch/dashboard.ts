import type { WatchedRegistry } from "./scrapeConfig";

/** A panel: its expressions, by what each of their lines is called. */
interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly kind?: "timeseries" | "stat";
  readonly expressions: { readonly [legend: string]: string };
}

const of = '{instance="$instance"}';
const ofErrors = '{instance="$instance",code=~"[45].."}';
const rate = (figure: string, selector = of) => `rate(${figure}${selector}[$__rate_interval])`;

const ofProxy: readonly Panel[] = [
  {
    title: "Requests",
    unit: "reqps",
    expressions: { "{{action}}": `sum by (action) (${rate("private_registry_requests_total")})` },
  },
  {
    title: "Refusals and errors",
    unit: "reqps",
    expressions: {
      "{{code}} {{action}}": `sum by (code, action) (${rate("private_registry_requests_total", ofErrors)})`,
    },
  },
  {
    title: "Bytes of images",
    unit: "Bps",
    expressions: { "{{action}}": `sum by (action) (${rate("private_registry_bytes_total")})` },
  },
  {
    title: "Time that 95 % of the requests stay below",
    unit: "s",
    expressions: {
      "{{action}}": `histogram_quantile(0.95, sum by (le, action) (${rate("private_registry_request_duration_seconds_bucket")}))`,
    },
  },
  {
    title: "Logins",
    unit: "reqps",
    expressions: { "{{outcome}}": `sum by (outcome) (${rate("private_registry_logins_total")})` },
  },
  {
    title: "Connections",
    unit: "short",
    expressions: { "{{state}}": `private_registry_connections${of}` },
  },
];

const ofCertificate: readonly Panel[] = [
  {
    title: "The certificate ends in",
    unit: "s",
    kind: "stat",
    expressions: { certificate: `private_registry_certificate_end_timestamp_seconds${of} - time()` },
  },
];

const ofKeeper: readonly Panel[] = [
  {
    title: "The disk is full to",
    unit: "percentunit",
    kind: "stat",
    expressions: { disk: `private_registry_disk_full_ratio${of}` },
  },
  {
    title: "Disk",
    unit: "bytes",
    expressions: {
      "{{kind}}": `private_registry_disk_bytes${of}`,
      "in the trash": `private_registry_trash_bytes${of}`,
    },
  },
  {
    title: "Space by project",
    unit: "bytes",
    expressions: { "{{project}}": `topk(15, private_registry_project_bytes${of})` },
  },
  {
    title: "Since a task last ended well",
    unit: "s",
    kind: "stat",
    expressions: { "{{task}}": `time() - private_registry_task_success_timestamp_seconds${of}` },
  },
  {
    title: "Freed by collections, and deleted by retention",
    unit: "short",
    expressions: {
      bytes: `private_registry_freed_bytes_total${of}`,
      tags: `private_registry_retention_deleted_tags_total${of}`,
    },
  },
];

const ofRegistry: readonly Panel[] = [
  {
    title: "The registry's own requests",
    unit: "reqps",
    expressions: { "{{handler}}": `sum by (handler) (${rate("registry_http_requests_total")})` },
  },
  {
    title: "Its storage: time that 95 % of the calls stay below",
    unit: "s",
    expressions: {
      "{{action}}": `histogram_quantile(0.95, sum by (le, action) (${rate("registry_storage_action_seconds_bucket")}))`,
    },
  },
];

/** A dashboard of Grafana, to import: it asks for the source of data. */
export function dashboard(registry: WatchedRegistry): string {
  const panels = [
    ...(registry.servesCertificate ? ofCertificate : []),
    ...ofProxy,
    ...(registry.hasKeeper ? ofKeeper : []),
    ...ofRegistry,
  ];
  return `${JSON.stringify(
    {
      title: "Private registry",
      uid: "private-registry",
      schemaVersion: 38,
      editable: true,
      refresh: "1m",
      time: { from: "now-24h", to: "now" },
      templating: { list: variables(registry) },
      panels: panels.map(rendered),
    },
    null,
    2,
  )}\n`;
}

const datasource = { type: "prometheus", uid: "$datasource" };

function variables({ address }: WatchedRegistry) {
  return [
    { name: "datasource", label: "Source of data", type: "datasource", query: "prometheus" },
    {
      name: "instance",
      label: "Registry",
      type: "query",
      datasource,
      query: "label_values(private_registry_connections, instance)",
      refresh: 1,
      current: { text: address, value: address },
    },
  ];
}

/** Two beside each other. */
function rendered({ title, unit, kind = "timeseries", expressions }: Panel, index: number) {
  const [width, height] = [12, 8];
  return {
    id: index + 1,
    title,
    type: kind,
    datasource,
    gridPos: { x: (index % 2) * width, y: Math.floor(index / 2) * height, w: width, h: height },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: Object.entries(expressions).map(([legendFormat, expr], place) => ({
      refId: String.fromCharCode(65 + place),
      datasource,
      expr,
      legendFormat,
    })),
  };
}
