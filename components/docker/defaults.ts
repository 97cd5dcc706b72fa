import type { LogRotationArgs, ResourceArgs } from "./args";

/** Time zone of the logs, where none is given. */
export const defaultTimeZone = "UTC";

/** The log rotation with every default. */
export function resolvedLogRotation(args: LogRotationArgs = {}) {
  return { ...args, maxSize: args.maxSize ?? "50m", maxFiles: args.maxFiles ?? 3 };
}

export type ResolvedLogRotation = ReturnType<typeof resolvedLogRotation>;

/**
 * The limits of a container with every default. Daemons differ in open files, from 1,024 on. A rootless one can give
 * no more than it has itself, so this is what 4,096 connections of nginx need, each with one to the registry or a file.
 */
export function resolvedResources(args: ResourceArgs = {}) {
  return { ...args, openFiles: args.openFiles ?? 16_384 };
}

export type ResolvedResources = ReturnType<typeof resolvedResources>;
