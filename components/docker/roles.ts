/** What every label of ours begins with. */
export const labelPrefix = "private-registry.";

/** Labels of everything we create: people list by them, and what a killed run left behind is known by them. */
export const labels = {
  project: `${labelPrefix}project`,
  stack: `${labelPrefix}stack`,
  instance: `${labelPrefix}instance`,
  role: `${labelPrefix}role`,
} as const;

/** A container that runs for long. */
interface Server {
  /** What it belongs to. */
  readonly part: Part;
  /** Its place when a stack starts, from 1 on: the door opens after what is behind it. */
  readonly order: number;
}

/** A container that does one thing during an `up`. */
interface Helper {
  /** What it belongs to. */
  readonly part: Part;
  /**
   * When a repair recreates it: with its server (and after any volume is gone), only after any volume is gone, or
   * only with the volume of the images.
   */
  readonly repeatedWith: "server" | "volumes" | "data";
}

/** What the containers of one subject have in common. */
type Part = "registry" | "proxy" | "acme" | "keeper" | "backup";

/**
 * Everything that is created on a Docker host, by kind and role. The role is the last part of its Docker name and one
 * of its labels; the commands learn from this table what a container of a role is.
 */
export const roles = {
  server: {
    registry: { part: "registry", order: 1 },
    verifier: { part: "proxy", order: 2 },
    proxy: { part: "proxy", order: 3 },
    acme: { part: "acme", order: 4 },
    keeper: { part: "keeper", order: 5 },
    backup: { part: "backup", order: 6 },
  },
  job: {
    // An empty folder may be one whose disk is not mounted: it must not be marked as the right one.
    "registry-mark": { part: "registry", repeatedWith: "data" },
    "registry-prepare": { part: "registry", repeatedWith: "server" },
    "registry-try": { part: "registry", repeatedWith: "server" },
    "proxy-stage": { part: "proxy", repeatedWith: "server" },
    "proxy-activate": { part: "proxy", repeatedWith: "server" },
    "acme-prepare": { part: "acme", repeatedWith: "server" },
    // Authorities count the certificates that they issue.
    "acme-issue": { part: "acme", repeatedWith: "volumes" },
    "keeper-prepare": { part: "keeper", repeatedWith: "server" },
    "backup-prepare": { part: "backup", repeatedWith: "server" },
    "proxy-nodes": { part: "proxy", repeatedWith: "server" },
  },
  loader: {
    "registry-files": { part: "registry", repeatedWith: "server" },
    "proxy-files": { part: "proxy", repeatedWith: "server" },
    "keeper-files": { part: "keeper", repeatedWith: "server" },
    "backup-files": { part: "backup", repeatedWith: "server" },
    "acme-files": { part: "acme", repeatedWith: "volumes" },
  },
  volume: [
    "data",
    "socket",
    "config",
    "proxy-files",
    "verifier-socket",
    "acme-account",
    "acme-certificates",
    "keeper-files",
    "control",
    "backup-files",
    "backup-cache",
    "blob-cache",
  ],
  network: ["network", "acme-network", "backup-network"],
  service: ["registry-a", "registry-b", "verifier", "proxy"],
} as const satisfies {
  readonly server: { readonly [role: string]: Server };
  readonly job: { readonly [role: string]: Helper };
  readonly loader: { readonly [role: string]: Helper };
  readonly volume: readonly string[];
  readonly network: readonly string[];
  readonly service: readonly string[];
};

export type ServerRole = keyof typeof roles.server;
export type JobRole = keyof typeof roles.job;
export type LoaderRole = keyof typeof roles.loader;
export type VolumeRole = (typeof roles.volume)[number];
export type NetworkRole = (typeof roles.network)[number];
export type ServiceRole = (typeof roles.service)[number];

/** The role of the volume with the images. */
export const dataRole: VolumeRole = "data";

/** The role of what collects garbage. */
export const keeperRole: ServerRole = "keeper";

/** The role of what clients reach. */
export const proxyRole: ServerRole = "proxy";

/** The role of what renews a certificate. */
export const renewerRole: ServerRole = "acme";

/** Name on the Docker host of one part of an instance. */
export function dockerNameOf(project: string, stack: string, instance: string, role: string): string {
  return `${project}-${stack}-${instance}-${role}`;
}

const servers = new Map<string, Server>(Object.entries(roles.server));
const helpers = new Map<string, Helper>(Object.entries({ ...roles.job, ...roles.loader }));

/** What the table says of a server; undefined for every other role. */
export function serverOf(role: string | undefined): Server | undefined {
  return servers.get(role ?? "");
}

/** What the table says of a job or loader; undefined for every other role. */
export function helperOf(role: string | undefined): Helper | undefined {
  return helpers.get(role ?? "");
}
