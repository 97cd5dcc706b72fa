import type { World } from "../walk/world";
import type { FaultyDisk } from "./faultyDisk";

/** A registry on a Docker host of its own, whose images lie on a disk of their own. */
export interface Host {
  readonly world: World;
  readonly disk: FaultyDisk;
}

/** One thing that breaks, as a row of docs/faults.md tells of it. */
export interface Fault {
  readonly name: string;
  /** What a client sees until it is over. */
  readonly seen: string;
  /** What each request that fails says, with its method and path first. Absent where none may fail. */
  readonly failures?: RegExp;
  /** What you do about it. Absent where it is over by itself. */
  readonly remedy?: string;
  /** Seconds after which everything is right again, from the fault or from the end of the remedy. */
  readonly within: number;
  strike(host: Host): Promise<void>;
  /** Does what the remedy says, or lets the outside world be well again. */
  mend?(host: Host): Promise<void>;
  /** What else must hold when it is over; a problem, or nothing. */
  check?(host: Host): Promise<string | undefined>;
}

/** Nobody answers, or a connection ends. */
export const noConnection = /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|socket hang up|no answer/;

/** What clients see while the registry does not answer. */
export const registryIsAway =
  "pulls wait up to six seconds, then get `503`; requests that send data get it at once";

/** The proxy has nobody behind it. It says that alone, whatever nginx made of it. */
export const noRegistry = /status 503/;

/** Either of them, as where the servers come back one after the other. */
export const nobody = new RegExp(`${noConnection.source}|${noRegistry.source}`);

/** Requests that write. */
export const writes = /^(POST|PUT|PATCH) /;

export const nameOf = ({ world }: Host, role: string) => `${world.prefix}-${role}`;

/** Runs one of README's commands, which must succeed. */
export async function must({ world }: Host, script: string, ...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await world.npm(script, ...args);
  if (status !== 0) throw new Error(`npm run ${script} ended with ${status}:\n${stdout}${stderr}`);
}

/** Runs a shell script as root on the Docker host. */
export async function onHost({ world }: Host, script: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await world.machine.exec(["sh", "-ec", script, "sh", ...args]);
  if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
  return stdout.trim();
}
