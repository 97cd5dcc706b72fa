import { hasControlCharacter, quoted, wholeNumberProblems } from "../base/values";
import { repositoryName, sha256Digest, tag } from "../registry/grammar";
import type { LogRotationArgs, ResourceArgs } from "./args";
import { labelPrefix } from "./roles";

/** Least memory in MiB: with half of it registry and nginx start, take a push and answer eight clients (measured). */
const LEAST_MEMORY_MIB = 32;

/** The same for nginx with a firewall, whose rules it holds twice during a reload. */
export const LEAST_FIREWALL_MEMORY_MIB = 64;

/** The same for the keeper: three requests at once, each with a Node of its own, while a collection runs. */
export const LEAST_KEEPER_MEMORY_MIB = 256;

/** The same for backups: restic holds the index of its repository. */
export const LEAST_BACKUP_MEMORY_MIB = 128;

/** Least share of a processor: Linux gives no quota under 1 ms of each 100 ms. */
const LEAST_CPUS = 0.01;

/** Open files of a process: some for nginx itself, and what Linux allows at most (`fs.nr_open`, its default). */
const [LEAST_OPEN_FILES, MOST_OPEN_FILES] = [256, 1024 * 1024];

/** The registry's address in an image reference. */
const HOST = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
const IMAGE_REFERENCE = new RegExp(`^(?:${HOST}/)?${repositoryName}(?::${tag})?(?:@${sha256Digest})?$`);

/** Problems of the log rotation of every container. */
export function logRotationProblems(rotation: LogRotationArgs, argument = "logRotation"): string[] {
  const { maxSize, maxFiles } = rotation;
  const sizeProblems =
    maxSize === undefined || /^[1-9][0-9]*[kmg]$/.test(maxSize)
      ? []
      : [
          `${argument}.maxSize: ${quoted(maxSize)} is not a size; write a whole number and k, m or g, such as "50m"`,
        ];
  return [...sizeProblems, ...wholeNumberProblems(`${argument}.maxFiles`, maxFiles, 1)];
}

/** Problems of the limits of one container. */
export function resourceProblems(
  argument: string,
  resources: ResourceArgs,
  leastMemoryMib = LEAST_MEMORY_MIB,
): string[] {
  const { memoryMib, cpus, openFiles } = resources;
  const areCpusFine = cpus === undefined || (Number.isFinite(cpus) && cpus >= LEAST_CPUS);
  return [
    ...wholeNumberProblems(`${argument}.memoryMib`, memoryMib, leastMemoryMib, 64 * 1024 * 1024),
    ...wholeNumberProblems(`${argument}.openFiles`, openFiles, LEAST_OPEN_FILES, MOST_OPEN_FILES),
    ...(areCpusFine
      ? []
      : [`${argument}.cpus: ${cpus} is out of range; write ${LEAST_CPUS} or more, such as 1.5`]),
  ];
}

/** Problems of labels of the caller's own. */
export function labelProblems(labels: { readonly [key: string]: string }, argument = "labels"): string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (key.trim() === "") {
      return [`${argument}: has an empty key; write a name for it`];
    }
    if (key.startsWith(labelPrefix)) {
      return [
        `${argument}: ${quoted(key)} begins with "${labelPrefix}", which is reserved; write another key`,
      ];
    }
    return hasControlCharacter(key) || hasControlCharacter(value)
      ? [`${argument}: ${quoted(key)} has a control character in its key or value; write plain text`]
      : [];
  });
}

/** Problems of an image reference such as `registry:3.1.2` or `host:5000/team/nginx@sha256:...`. */
export function imageProblems(argument: string, reference: string): string[] {
  if (reference.includes("://")) {
    const rest = reference.replace(/^.*:\/\//, "");
    return [`${argument}: ${quoted(reference)} has a scheme in it; write ${quoted(rest)}`];
  }
  return IMAGE_REFERENCE.test(reference)
    ? []
    : [`${argument}: ${quoted(reference)} is not an image reference; write one such as "registry:3.1.2"`];
}

/** Longest name of an instance in characters. With project, stack and role it is a volume's, a file name of 255 bytes. */
const LONGEST_INSTANCE_NAME = 100;

/** Problems of the name of a component instance, which begins the name of everything it creates in Docker. */
export function instanceNameProblems(name: string): string[] {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
    return [
      `name: ${quoted(name)} cannot begin the names of containers; ` +
        "write lower case letters, digits or . _ -, a letter or digit first",
    ];
  }
  return name.length > LONGEST_INSTANCE_NAME
    ? [`name: has ${name.length} characters; write ${LONGEST_INSTANCE_NAME} at most`]
    : [];
}

/**
 * Problems of the time zone of the containers: `UTC`, or a name with a region of the IANA data base.
 * Names without region are refused, because they mislead: Node takes `CST` for Chicago.
 */
export function timeZoneProblems(zone: string, argument = "timeZone"): string[] {
  const isWellFormed = zone === "UTC" || /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(zone);
  return isWellFormed && isKnownZone(zone)
    ? []
    : [
        `${argument}: ${quoted(zone)} is not a time zone; ` +
          'write "UTC" or a name of the IANA list such as "Asia/Shanghai", with its capitals',
      ];
}

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
