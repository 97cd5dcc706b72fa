import type { Labels } from "./identity";

/** What everything has that creates containers. */
export interface InstanceArgs {
  /** Name in Docker names and labels. @default <the component's name> */
  readonly instance?: string;
  /** Log rotation. @default {} */
  readonly logRotation?: LogRotationArgs;
  /** Labels of everything created. Ours are added. @default {} */
  readonly labels?: Labels;
}

/** What a server has beside that. */
export interface ServiceArgs extends InstanceArgs {
  /** Time zone of the logs and of times of day, such as "Asia/Shanghai". @default "UTC" */
  readonly timeZone?: string;
  /** Limits of the container. @default {} */
  readonly resources?: ResourceArgs;
}

/** Limits of one container. */
export interface ResourceArgs {
  /**
   * Memory in MiB, 32 at least, 64 with a firewall, 128 for backups, 256 for the keeper; the container gets no swap beyond it.
   * @default none
   */
  readonly memoryMib?: number;
  /** Processors, for example 1.5. @default none */
  readonly cpus?: number;
  /**
   * Files and connections that a process may have open at once. A rootless Docker that has less itself cannot start
   * the container ("error setting rlimit"): give its own limit, `ulimit -Hn`.
   * @default 16384
   */
  readonly openFiles?: number;
}

/** Log rotation of every container. */
export interface LogRotationArgs {
  /** Size at which Docker starts a new log file, such as "50m". @default "50m" */
  readonly maxSize?: string;
  /** Number of log files Docker keeps. @default 3 */
  readonly maxFiles?: number;
}
