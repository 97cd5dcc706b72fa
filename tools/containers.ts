import { labels, serverOf } from "../components/docker/roles";

/** What `docker inspect` says of a container, as far as we look. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly Config: {
    readonly Labels: { readonly [name: string]: string };
    readonly Image?: string;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
  };
  readonly State: {
    readonly Status: string;
    readonly StartedAt: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly Output: string }[] | null;
    };
  };
  readonly HostConfig?: { readonly PortBindings?: PortBindings | null };
  readonly NetworkSettings: {
    readonly Ports: PortBindings | null;
    readonly Networks: { readonly [name: string]: { readonly NetworkID: string } };
  };
}

interface PortBindings {
  readonly [port: string]: readonly PortBinding[] | null;
}

interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

/** Reads what `docker container inspect` writes. */
export function parseInspected(text: string): Inspected[] {
  const inspected: unknown = JSON.parse(text);
  if (!Array.isArray(inspected))
    throw new Error(`docker writes no list of containers: ${text.slice(0, 100)}`);
  return inspected;
}

export function nameOf({ Name }: Inspected): string {
  return Name.replace(/^\//, "");
}

export function roleOf({ Config }: Inspected): string | undefined {
  return Config.Labels[labels.role];
}

export function instanceOf({ Config }: Inspected): string {
  return Config.Labels[labels.instance] ?? "";
}

/** Whether containers of this role run for long. All others do one job and end. */
export function isServer(role: string | undefined): boolean {
  return serverOf(role) !== undefined;
}

/** The long-running ones among a stack's containers, in starting order. */
export function inStartOrder(containers: readonly Inspected[]): Inspected[] {
  const rank = (container: Inspected) => serverOf(roleOf(container))?.order ?? 0;
  return containers
    .filter((container) => isServer(roleOf(container)))
    .sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b)));
}

/** Whether a container does its work: it runs, and its health check, if it has one, succeeds. */
export function isWell({ State }: Inspected): boolean {
  return State.Status === "running" && (State.Health === undefined || State.Health.Status === "healthy");
}

/** Whether a container runs and Docker has not looked at its health yet. */
export function isStarting({ State }: Inspected): boolean {
  return State.Status === "running" && State.Health?.Status === "starting";
}

/** A table for people: one line a container. */
export function statusTable(containers: readonly Inspected[], now: Date): string {
  const rows = containers.map(({ Name, State, NetworkSettings }) => [
    Name.replace(/^\//, ""),
    State.Status,
    State.Status === "running" ? (State.Health?.Status ?? "no check") : "-",
    ports(NetworkSettings.Ports ?? {}) || "-",
    State.Status === "running" ? duration(now.getTime() - Date.parse(State.StartedAt)) : "-",
  ]);
  const table = [["NAME", "STATE", "HEALTH", "PORTS", "UPTIME"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function ports(published: NonNullable<Inspected["NetworkSettings"]["Ports"]>): string {
  return Object.entries(published)
    .flatMap(([inside, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${inside}`),
    )
    .join(", ");
}

/** A span of milliseconds in its two largest units: "3 h 12 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(3) : parts.slice(first, first + 2);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
