import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  asks,
  hardened,
  hardenedHelper,
  readiness,
  resourceLimits,
  serviceUid,
} from "../docker/containerSettings";
import { oneShot } from "../docker/oneShot";
import { blobCachePath, controlPath, dataPath, filesPath, socketPath, verifierPath } from "../docker/paths";
import { publishedPorts } from "../docker/publishing";
import { server } from "../docker/server";
import type { ServerParts } from "../docker/serverParts";
import { zoneEnvironment } from "../docker/timeZone";
import { filesLoader } from "../docker/uploads";
import { throughDoor } from "../fronts/frontDoor";
import { clientPorts, ipv6Port } from "./clientPorts";
import type { ResolvedProxy } from "./defaults";
import { activationScript, addUpScript, followScript, stageScript, startScript } from "./proxyScripts";
import { takenCertificate } from "./takenCertificate";

/** What the containers of a proxy are made from. */
export interface ProxyParts extends ServerParts {
  readonly args: ResolvedProxy;
  readonly mounts: ProxyMounts;
}

/** Volumes of the proxy's own. */
export interface ProxyMounts {
  /** All generations of files. */
  readonly files: docker.types.input.ContainerVolume & { readonly volumeName: pulumi.Output<string> };
  /** The socket of the verifier. */
  readonly verifier: docker.types.input.ContainerVolume;
  /** Blobs that it keeps, if it does. */
  readonly cache: readonly docker.types.input.ContainerVolume[];
}

/** Port on the container's loopback, for health and activation. */
export const healthPort = 8081;

const drainSeconds = 60;
const temporaryFolder = { "/tmp": "rw,noexec,nosuid,size=64m,mode=1777" };

/** Port in the container for clients. */
export function containerPort({ certificateChainPem, certificateVolumeName }: ResolvedProxy): number {
  return (certificateChainPem ?? certificateVolumeName) === undefined ? clientPorts.plain : clientPorts.tls;
}

/** Creates the volumes. */
export function proxyMounts(
  name: string,
  { args, named }: Pick<ProxyParts, "args" | "named">,
  opts: pulumi.CustomResourceOptions,
): ProxyMounts {
  const withoutLabels = { ...opts, ignoreChanges: ["labels"] };
  const files = new docker.Volume(`${name}-volume`, named.volume("proxy-files"), withoutLabels);
  const socket = new docker.Volume(`${name}-verifier-socket`, named.volume("verifier-socket"), withoutLabels);
  const caches =
    args.blobCache === undefined
      ? []
      : [new docker.Volume(`${name}-blob-cache`, named.volume("blob-cache"), withoutLabels)];
  return {
    cache: caches.map((cache) => ({ volumeName: cache.name, containerPath: blobCachePath })),
    files: { volumeName: files.name, containerPath: filesPath },
    verifier: { volumeName: socket.name, containerPath: verifierPath },
  };
}

/** Puts the files beside those that serve, and has nginx check them. */
export function stagedFiles(
  { name, args, named, image, files, generation, mounts }: ProxyParts,
  parent: pulumi.Resource,
): pulumi.Output<docker.Container> {
  const loader = filesLoader(
    `${name}-files`,
    {
      ...named.loader("proxy-files"),
      image,
      volume: mounts.files,
      folder: pulumi.interpolate`${filesPath}/${generation}`,
      files,
      logRotation: args.logRotation,
    },
    { parent },
  );
  const taken = takenCertificate(args.certificateVolumeName);
  const script = generation.apply((folder) =>
    stageScript({
      generation: folder,
      uid: serviceUid,
      takeCertificate: taken.take,
      linksRules: args.waf !== undefined,
    }),
  );
  return oneShot(
    `${name}-stage`,
    {
      ...hardenedHelper(args.logRotation),
      ...named.job("proxy-stage"),
      image,
      script,
      // nginx gives the folder of what it keeps to its user before it says anything, where it is root as here.
      tmpfs: { ...temporaryFolder, ...(args.blobCache && { [blobCachePath]: "rw,noexec,nosuid,size=1m" }) },
      volumes: [mounts.files, mounts.verifier, ...taken.mounts],
    },
    { parent, dependsOn: [loader] },
  );
}

/** The server, the only container with a published port. */
export function proxyContainer(
  { name, args, named, image, mounts }: ProxyParts,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return server(
    `${name}-container`,
    {
      ...serverSettings(args),
      ...named.server("proxy"),
      image,
      volumes: [
        { ...mounts.files, readOnly: true },
        { volumeName: args.socketVolumeName, containerPath: socketPath },
        mounts.verifier,
        ...mounts.cache,
        ...takenCertificate(args.certificateVolumeName).mounts,
        ...dataMounts(args),
        ...controlMounts(args),
      ],
    },
    { ...opts, replaceOnChanges: ["tmpfs"] },
  );
}

/** Has the server take the files up, and waits until it answers with them, and registry and verifier do too. */
export function activation(
  { name, args, named, image, generation, mounts }: ProxyParts,
  proxy: docker.Container,
  verifier: docker.Container,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  const inServer = pulumi.interpolate`container:${proxy.id}`;
  return oneShot(
    `${name}-activate`,
    {
      ...hardened(args.logRotation),
      ...named.job("proxy-activate"),
      image,
      script: generation.apply((folder) => activationScript(folder, healthPort)),
      // Not used: if a registry or verifier is recreated, another activation waits for it.
      envs: [
        pulumi.interpolate`VERIFIER=${verifier.id}`,
        pulumi.interpolate`REGISTRY=${args.registryId ?? ""}`,
      ],
      pidMode: inServer,
      networkMode: inServer,
      volumes: [mounts.files],
    },
    opts,
  );
}

/** The registry's data, to serve blobs from. */
export function dataMounts({ dataVolumeName, dataHostPath }: ResolvedProxy) {
  const mount = { containerPath: dataPath, readOnly: true };
  if (dataHostPath !== undefined) {
    return [{ ...mount, hostPath: dataHostPath }];
  }
  return dataVolumeName === undefined ? [] : [{ ...mount, volumeName: dataVolumeName }];
}

/** The control volume of a keeper, to put requests into. */
function controlMounts({ controlVolumeName }: ResolvedProxy) {
  return controlVolumeName === undefined
    ? []
    : [{ volumeName: controlVolumeName, containerPath: controlPath }];
}

/** What does not name another resource of ours. */
function serverSettings(args: ResolvedProxy) {
  const port = containerPort(args);
  const taken = takenCertificate(args.certificateVolumeName);
  return {
    logRotation: args.logRotation,
    ...resourceLimits(args.resources),
    entrypoints: ["sh", "-c"],
    command: [startScript(taken.take)],
    envs: zoneEnvironment(`${filesPath}/current`, args.timeZone),
    tmpfs: temporaryFolder,
    networksAdvanced: [
      { name: throughDoor(args.networkName, args.door) },
      ...(args.furtherNetworkName === undefined ? [] : [{ name: args.furtherNetworkName }]),
    ],
    ports: publishedPorts(port, args.port, args.bindAddress, ipv6Port(port, args.bindAddress)),
    healthcheck: readiness(
      [
        taken.takeNewest,
        followScript(),
        args.metrics ? addUpScript() : "",
        asks(`http://127.0.0.1:${healthPort}/healthz`),
      ]
        .filter(Boolean)
        .join("\n"),
    ),
    stopSignal: "SIGQUIT",
    stopSeconds: drainSeconds,
  };
}
