import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClientCertificates } from "../certificates/clientCertificates";
import type { ServedCertificate } from "../certificates/servedCertificate";
import { registryAddress } from "../clients/address";
import { identity } from "../docker/identity";
import { imageNames } from "../docker/imageNames";
import { localImage } from "../docker/localImage";
import { publishingNetwork } from "../docker/publishing";
import { resolvedDiskGuard } from "../keeper/guardDefaults";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { hasRules } from "../proxy/proxyFiles";
import { RegistryProxy } from "../proxy/registryProxy";
import { RegistryServer } from "../registry/registryServer";
import { reachesOut } from "../registry/storagePlace";
import type { Credentials } from "../users/credentials";
import { backupBeside } from "./backupBeside";
import { frontDoor } from "./frontDoor";
import type { ProxyKind } from "./frontKind";
import { frontKind } from "./fronts";
import { keeperBeside } from "./keeperBeside";

/** A registry and what stands between it and its clients. */
export interface RegistryWithFront {
  /** Name of the volume with the images, the host path, or the bucket as "s3://bucket/folder". */
  readonly dataLocation: pulumi.Output<string>;
  /** Known once clients are answered. */
  readonly ready: pulumi.Output<string>;
  /** What brings a backup back; empty without backups. */
  readonly backup: pulumi.Output<{ [name: string]: string }>;
}

/** Who may connect, and what is shown to them. */
export interface Access {
  readonly credentials: Credentials;
  /** Absent for plain HTTP. */
  readonly certificate?: ServedCertificate;
  /** Absent if a client needs no certificate. */
  readonly clients?: ClientCertificates;
}

/** Creates both, a keeper unless there shall be none, and the network of the published port. */
export function registryWithFront(
  name: string,
  settings: ResolvedPrivateRegistry,
  { credentials, certificate, clients }: Access,
  first: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Output<pulumi.Resource[]> },
): RegistryWithFront {
  const proxyKind = frontKind(settings.front).proxy;
  const { labels, logRotation, timeZone } = settings;
  const common = { instance: name, labels, logRotation, timeZone };
  const networkName = networkOf(name, settings, first);
  const [door, whenTried] = pulumi.deferredOutput<string>();
  const reach = { port: settings.port, bindAddress: settings.bindAddress, realm: settings.realm };
  const secrets = {
    htpasswd: credentials.htpasswd,
    certificateChainPem: certificate?.chainPem,
    privateKeyPem: certificate?.privateKeyPem,
    clientCaCertificatesPem: clients?.authorityPem,
  };
  const registryImage = localImage(`${name}-registry-image`, settings.registryImage, first);
  const server = new RegistryServer(
    `${name}-registry`,
    {
      ...common,
      image: registryImage,
      ...ofRegistry(settings),
      direct: proxyKind ? undefined : { ...reach, ...secrets },
      // Creating a network takes two seconds: only what joins it waits for them.
      ...((!proxyKind || reachesOut(settings.storage, settings.registryConfigOverrides)) && { networkName }),
      door,
      waitUntilHealthy: !proxyKind,
    },
    first,
  );
  // Registry, proxy and keeper start side by side, but not if the data cannot be used.
  const onceUsable = { parent: first.parent, dependsOn: server.prepared.apply(() => first.dependsOn) };
  const [ready, whenReady] = pulumi.deferredOutput<string>();
  const keeper = settings.keeper.enabled
    ? keeperBeside(name, settings, { ...common, ...dataSource(settings, server), door: ready }, onceUsable)
    : undefined;
  const backup = backupBeside(name, settings, { ...common, ...dataSource(settings, server) }, keeper);
  const keeperTried = keeper === undefined ? [] : [keeper.prepared];
  if (proxyKind === undefined) {
    whenTried(frontDoor(`${name}-door`, "registry", [server.tried, ...keeperTried], first));
    whenReady(server.containerId);
    return { dataLocation: server.dataLocation, ready, backup };
  }
  const proxy = new RegistryProxy(
    `${name}-proxy`,
    {
      ...common,
      ...reach,
      networkName,
      door,
      registryId: server.containerId,
      ...secrets,
      certificateVolumeName: certificate?.volumeName,
      image: localImage(
        `${name}-proxy-image`,
        settings.proxyImage ?? imageNames[proxyKind.image].official,
        first,
      ),
      socketVolumeName: server.socketVolumeName,
      ...(settings.proxyServesBlobs && dataSource(settings, server)),
      controlVolumeName: keeper?.controlVolumeName,
      ...ofProxy(settings, proxyKind, { parent: first.parent }),
      ...ruleArgs(settings),
    },
    onceUsable,
  );
  whenTried(frontDoor(`${name}-door`, "proxy", [server.tried, proxy.staged, ...keeperTried], first));
  whenReady(proxy.generation);
  return { dataLocation: server.dataLocation, ready, backup };
}

/** What a registry is told of the arguments that are its own. */
function ofRegistry(settings: ResolvedPrivateRegistry) {
  return {
    storage: settings.storage,
    keepDataOnDestroy: settings.keepDataOnDestroy,
    options: settings.registry,
    configOverrides: settings.registryConfigOverrides,
    outgoing: settings.outgoing,
    metrics: settings.metrics !== undefined,
    resources: settings.registryResources,
  };
}

/** What a proxy is told of the arguments that are its own. */
function ofProxy(settings: ResolvedPrivateRegistry, { hasFirewall }: ProxyKind, opts: pulumi.InvokeOptions) {
  return {
    trustedAddresses: settings.external?.trustedAddresses,
    furtherNetworkName: theirNetwork(settings.external?.dockerNetwork, opts),
    waf: hasFirewall ? settings.waf : undefined,
    diskGuard: settings.keeper.enabled && resolvedDiskGuard(settings.diskGuard).enabled,
    quotas: settings.quotas,
    objectStore: settings.storage.s3 !== undefined,
    snippet: settings.proxySnippet,
    page: settings.page,
    blobCache: settings.blobCache,
    limits: settings.limits,
    log: settings.log,
    metrics: settings.metrics,
    resources: settings.proxyResources,
  };
}

/** The name of a network that must be there: it is looked for before anything is replaced. */
function theirNetwork(
  name: string | undefined,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> | undefined {
  return name === undefined ? undefined : docker.getNetworkOutput({ name }, opts).name;
}

/** The name of the network of the published port. */
function networkOf(
  name: string,
  settings: ResolvedPrivateRegistry,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return publishingNetwork(
    `${name}-network`,
    identity(name, settings.labels).network("network"),
    settings,
    opts,
  ).name;
}

/** Who may do what, where anything is said of it. */
function ruleArgs(settings: ResolvedPrivateRegistry) {
  if (!hasRules(settings)) return {};
  const { access, users, immutableTags, hostnames } = settings;
  const port = frontKind(settings.front).clientPort(settings);
  return {
    access,
    users: users.map(({ name, groups, expires }) => ({ name, groups, expires })),
    immutableTags,
    names: hostnames.map((name) => registryAddress(name, port)),
  };
}

function dataSource({ storage }: ResolvedPrivateRegistry, server: RegistryServer) {
  return storage.hostPath === undefined
    ? { dataVolumeName: server.dataLocation }
    : { dataHostPath: storage.hostPath };
}
