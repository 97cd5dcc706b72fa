import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { asks } from "../docker/containerSettings";
import {
  blobCachePath,
  credentialsPath,
  dataPath,
  filesPath,
  socketPath,
  verifierPath,
} from "../docker/paths";
import { zoneEnvironment } from "../docker/timeZone";
import { clientPorts } from "../proxy/clientPorts";
import { healthAddress, verifierScript } from "../proxy/credentialVerifier";
import { healthPort } from "../proxy/proxyContainers";
import { addUpScript, linkRulesScript, startScript as startProxyScript } from "../proxy/proxyScripts";
import { startScript as startRegistryScript } from "../registry/registryScripts";
import { environment, proxyPath } from "../registry/registrySurroundings";
import { type ClusterFiles, registries, registrySocketOf } from "./clusterFiles";
import type { ClusterParts } from "./clusterParts";
import { livenessScript, placeScript } from "./clusterScripts";
import { registryOf } from "./defaults";
import { swarmSecret } from "./swarmFiles";
import { memoryMount, type SwarmServiceArgs, socketMount, swarmService } from "./swarmService";

/**
 * Seconds that the proxy of a node gets to end what is under way. Meanwhile this node takes nothing new, and whoever asks
 * it alone is refused.
 */
const drainSeconds = 25;

type Mount = docker.types.input.ServiceTaskSpecContainerSpecMount;

/**
 * The services: of two registries one always serves, verifiers change beside them, and proxies last, when what they need is
 * there. Whatever changes at a time, it is one node that refuses.
 */
export function clusterServices(
  parts: ClusterParts,
  tried: pulumi.Output<docker.Container>[],
  parent: pulumi.Resource,
): docker.Service {
  const { name, named, files } = parts;
  const { labels } = named.volume("config");
  const sockets = socketMount(named.volume("socket"), socketPath);
  // After the trial: a secret that nothing uses would make another one of the next good files, and so new tasks.
  const afterTrial = { parent, dependsOn: pulumi.all(tried) };
  const secretOf = (server: keyof ClusterFiles) =>
    swarmSecret(`${name}-${server}-files`, files[server], labels, afterTrial);
  const secret = secretOf("registry");
  let before: pulumi.Input<pulumi.Resource>[] = tried;
  for (const which of registries) {
    const dependsOn = pulumi.all(before);
    const args = registryService(parts, which, secret, sockets);
    before = [swarmService(`${name}-registry-${which}`, args, { parent, dependsOn })];
  }
  const logins = socketMount(named.volume("verifier-socket"), verifierPath);
  const verifier = swarmService(
    `${name}-verifier`,
    verifierService(parts, secretOf("verifier"), logins),
    afterTrial,
  );
  return swarmService(`${name}-proxy`, proxyService(parts, secretOf("proxy"), [sockets, logins]), {
    parent,
    dependsOn: pulumi.all([...before, verifier]),
  });
}

function registryService(
  { name, settings, named, files }: ClusterParts,
  which: (typeof registries)[number],
  secret: docker.Secret,
  sockets: Mount,
): SwarmServiceArgs {
  const server = registryOf(name, settings);
  const { generation } = files.registry;
  return {
    named: named.service(`registry-${which}`),
    nodes: settings.nodes,
    image: settings.registryImage,
    script: generation.apply((folder) =>
      joined(
        placeScript(folder),
        startRegistryScript(`${filesPath}/${folder}/config.yml`, false, proxyPath(server, folder)),
      ),
    ),
    secret,
    environment: environment(server, generation).apply((lines) => [
      ...lines,
      `REGISTRY_HTTP_ADDR=${registrySocketOf(which)}`,
    ]),
    // The image declares a volume for images.
    mounts: [sockets, memoryMount(dataPath, 4096), ...credentialsMounts(server)],
    health: livenessScript(),
    stopSeconds: server.options.drainSeconds + 5,
    resources: server.resources,
    logRotation: settings.logRotation,
  };
}

function verifierService(
  { settings, named, files }: ClusterParts,
  secret: docker.Secret,
  logins: Mount,
): SwarmServiceArgs {
  return {
    named: named.service("verifier"),
    nodes: settings.nodes,
    image: settings.proxyImage,
    script: files.verifier.generation.apply((folder) => joined(placeScript(folder), verifierScript())),
    secret,
    environment: [],
    mounts: [logins],
    health: asks(`http://${healthAddress}/`),
    stopSignal: "SIGQUIT",
    stopSeconds: 10,
    logRotation: settings.logRotation,
  };
}

function proxyService(
  { settings, named, files }: ClusterParts,
  secret: docker.Secret,
  mounts: Mount[],
): SwarmServiceArgs {
  return {
    named: named.service("proxy"),
    nodes: settings.nodes,
    image: settings.proxyImage,
    script: files.proxy.generation.apply((folder) =>
      joined(placeScript(folder), settings.hasFirewall ? linkRulesScript(folder) : "", startProxyScript()),
    ),
    secret,
    environment: zoneEnvironment(`${filesPath}/current`, settings.timeZone),
    mounts: [
      ...mounts,
      ...(settings.blobCache === undefined ? [] : [cacheMount(named.volume("blob-cache"))]),
    ],
    // Not that of the registry: Docker would end every proxy while the object store is away.
    health: joined(
      settings.metrics === undefined ? "" : addUpScript(),
      asks(`http://127.0.0.1:${healthPort}/generation`),
    ),
    // In host mode the proxy sees who asks; Docker's own balancing would hide it.
    ports: [
      {
        targetPort: clientPorts.tls,
        publishedPort: settings.port,
        protocol: "tcp",
        publishMode: "host",
      },
    ],
    stopSignal: "SIGQUIT",
    stopSeconds: drainSeconds,
    resources: settings.proxyResources,
    logRotation: settings.logRotation,
  };
}

function cacheMount({ name, labels }: { name: string; labels: docker.types.input.ContainerLabel[] }): Mount {
  return { type: "volume", source: name, target: blobCachePath, volumeOptions: { labels } };
}

/** The file with a key, which each node must have. */
function credentialsMounts({ storage }: ReturnType<typeof registryOf>): Mount[] {
  const source = storage.s3?.credentialsFile;
  return source === undefined ? [] : [{ type: "bind", source, target: credentialsPath, readOnly: true }];
}

function joined(...scripts: readonly string[]): string {
  return scripts.filter(Boolean).join("\n");
}
