import type * as docker from "@pulumi/docker";
import type { ResolvedLogRotation, ResolvedResources } from "./defaults";

/** Numeric user and group of registry and proxy; both need it to share the unix socket. */
export const serviceUid = 10001;

/** What every container of ours has: no writable root, no capability, no new privileges, bounded logs. */
export function hardened(logRotation: ResolvedLogRotation) {
  return {
    user: `${serviceUid}:${serviceUid}`,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    logDriver: "json-file",
    logOpts: {
      "max-size": logRotation.maxSize,
      "max-file": String(logRotation.maxFiles),
    },
  } satisfies Partial<docker.ContainerArgs>;
}

/** A helper that must own and remove files of others: root with just that right, and no network. */
export function hardenedHelper(logRotation: ResolvedLogRotation) {
  return {
    ...hardened(logRotation),
    user: "0:0",
    capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE"] },
    networkMode: "none",
  } satisfies Partial<docker.ContainerArgs>;
}

/** Microseconds; Docker's own default. */
const cpuPeriod = 100_000;

/** What the provider neither changes in place nor takes as a reason to replace a container. */
export const replaceToChange = ["healthcheck", "cpuPeriod", "cpuQuota"];

/** Docker's limits. Memory and memory with swap are the same number: no swap, and no difference at refresh. */
export function resourceLimits(resources: ResolvedResources): Partial<docker.ContainerArgs> {
  return {
    memory: resources.memoryMib,
    memorySwap: resources.memoryMib,
    // Not `cpus`: the provider reads "2" back as "2.0" and replaces the container at every run.
    cpuPeriod: resources.cpus === undefined ? undefined : cpuPeriod,
    cpuQuota: resources.cpus === undefined ? undefined : Math.round(resources.cpus * cpuPeriod),
    ...openFiles(resources.openFiles),
  };
}

/** Files and connections that a process may have open. */
export function openFiles(most: number): Partial<docker.ContainerArgs> {
  return { ulimits: [{ name: "nofile", soft: most, hard: most }] };
}

/** A shell command that asks an address, with the program that the image has. */
export function asks(url: string): string {
  return `curl -fsS -o /dev/null ${url} || wget -q -O /dev/null ${url}`;
}

/** A health check by a shell command. Docker writes durations in Go's form, and compares them as text. */
export function readiness(command: string) {
  return {
    tests: ["CMD", "sh", "-c", command],
    interval: "5s",
    timeout: "10s",
    retries: 3,
    startPeriod: "30s",
  };
}
