import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { serviceUid } from "../docker/containerSettings";
import type { ResolvedLogRotation, ResolvedResources } from "../docker/defaults";
import type { Named } from "../docker/identity";
import { filesPath } from "../docker/paths";
import { bundlePath, restingHealthScript } from "./clusterScripts";

export interface SwarmServiceArgs {
  readonly named: Named;
  /** Nodes that it runs on, one task each. */
  readonly nodes: number;
  readonly image: pulumi.Input<string>;
  /** POSIX sh script that ends with the server. */
  readonly script: pulumi.Input<string>;
  readonly secret: docker.Secret;
  /** `NAME=value`. */
  readonly environment: pulumi.Input<string[]>;
  readonly mounts: docker.types.input.ServiceTaskSpecContainerSpecMount[];
  /** Shell command. */
  readonly health: string;
  readonly ports?: docker.types.input.ServiceEndpointSpecPort[];
  readonly stopSignal?: string;
  /** Seconds that it gets to end what is under way. */
  readonly stopSeconds: number;
  readonly resources?: ResolvedResources;
  readonly logRotation: ResolvedLogRotation;
}

/**
 * Seconds for which each task is watched once it is healthy: it may end right after it has begun to serve. Swarm waits for
 * them once, after the last node. The provider asks for the end after 7 seconds and every 5 then: more of them cost a turn.
 */
const monitorSeconds = 3;

/** Seconds until a task is healthy, with the pull of its image; two or three of them where that is there. */
const startSeconds = 30;

const mebibyte = 1024 * 1024;

/** Memory that any user may write. Without a mode: the provider would read another number back. */
export function memoryMount(
  target: string,
  sizeBytes: number,
): docker.types.input.ServiceTaskSpecContainerSpecMount {
  return { type: "tmpfs", target, tmpfsOptions: { sizeBytes } };
}

/**
 * A service with one task on each of so many nodes. The run waits until every node has the new one. One that does not
 * get healthy is rolled back, and fails the run; it would not with tasks on every node that there is ("global"), for which
 * the provider cannot wait. The old task goes first, as its port and its socket are taken.
 */
export function swarmService(
  name: string,
  args: SwarmServiceArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Service {
  const { nodes, stopSeconds } = args;
  const update = { parallelism: 1, delay: "0s", order: "stop-first", maxFailureRatio: "0" };
  const timeout = nodes * (stopSeconds + startSeconds) + monitorSeconds;
  return new docker.Service(
    name,
    {
      ...args.named,
      mode: { replicated: { replicas: nodes } },
      taskSpec: {
        containerSpec: containerSpec(args),
        placement: { maxReplicas: 1 },
        // Swarm reads a window that is left out back as one of zero.
        restartPolicy: { condition: "any", delay: "1s", window: "0s" },
        resources: limits(args.resources),
        logDriver: {
          name: "json-file",
          options: { "max-size": args.logRotation.maxSize, "max-file": String(args.logRotation.maxFiles) },
        },
      },
      updateConfig: { ...update, monitor: `${monitorSeconds}s`, failureAction: "rollback" },
      rollbackConfig: { ...update, parallelism: 0, monitor: "1s", failureAction: "pause" },
      endpointSpec: { mode: "dnsrr", ...(args.ports && { ports: args.ports }) },
      // A delay for a new service alone: what is asked for earlier is asked for again 5 seconds later.
      convergeConfig: { delay: "4s", timeout: `${timeout}s` },
    },
    opts,
  );
}

function containerSpec(args: SwarmServiceArgs): docker.types.input.ServiceTaskSpecContainerSpec {
  const { secret, environment, stopSignal, stopSeconds } = args;
  const owner = String(serviceUid);
  return {
    image: args.image,
    user: `${owner}:${owner}`,
    readOnly: true,
    capDrops: ["ALL"],
    commands: ["sh", "-c", args.script],
    env: pulumi.output(environment).apply(asMap),
    secrets: [
      {
        secretId: secret.id,
        secretName: secret.name,
        fileName: bundlePath,
        fileUid: owner,
        fileGid: owner,
        fileMode: 0o400,
      },
    ],
    mounts: [memoryMount(filesPath, 8 * mebibyte), memoryMount("/tmp", 64 * mebibyte), ...args.mounts],
    healthcheck: {
      tests: ["CMD", "sh", "-c", restingHealthScript(args.health)],
      interval: "500ms",
      timeout: "10s",
      retries: 3,
      startPeriod: `${startSeconds}s`,
    },
    ...(stopSignal !== undefined && { stopSignal }),
    stopGracePeriod: duration(stopSeconds),
  };
}

/** Seconds as Go writes them: the provider compares durations as text. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
}

function asMap(environment: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(
    environment.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

function limits(resources: ResolvedResources | undefined) {
  const { memoryMib, cpus } = resources ?? {};
  if (memoryMib === undefined && cpus === undefined) return undefined;
  return {
    limits: {
      ...(memoryMib !== undefined && { memoryBytes: memoryMib * mebibyte }),
      ...(cpus !== undefined && { nanoCpus: Math.round(cpus * 1e9) }),
    },
  };
}

/** Where tasks of one node meet: memory that belongs to their user, made by whichever comes first. */
export function socketMount(
  named: Named,
  target: string,
): docker.types.input.ServiceTaskSpecContainerSpecMount {
  const o = `size=1m,uid=${serviceUid},gid=${serviceUid},mode=0700`;
  return {
    type: "volume",
    source: named.name,
    target,
    volumeOptions: {
      driverName: "local",
      driverOptions: { type: "tmpfs", device: "tmpfs", o },
      labels: named.labels,
    },
  };
}
