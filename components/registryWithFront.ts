import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ClientCertificates } from "./clientCertificates";
import type { Credentials } from "./credentials";
import { Front } from "./enums";
import { frontDoor } from "./frontDoor";
import { hasProxy } from "./fronts";
import { identity } from "./identity";
import { imageNames, proxyImageFor } from "./imageNames";
import { localImage } from "./localImage";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";
import { RegistryProxy } from "./registryProxy";
import { RegistryServer } from "./registryServer";
import { needsNetwork, usesFilesystem } from "./render/registryConfig";
import type { ServedCertificate } from "./servedCertificate";

/** A registry and what stands between it and its clients. */
export interface RegistryWithFront {
  /** Name of the volume with the images, or the host path. */
  readonly dataLocation: pulumi.Output<string>;
  /** Known once clients are answered. */
  readonly ready: pulumi.Output<string>;
}

/** Who may connect, and what is shown to them. */
export interface Access {
  readonly credentials: Credentials;
  /** Absent for plain HTTP. */
  readonly certificate?: ServedCertificate;
  /** Absent if a client needs no certificate. */
  readonly clients?: ClientCertificates;
}

/** Creates both, and the network of the published port. */
export function registryWithFront(
  name: string,
  args: PrivateRegistryArgs,
  { credentials, certificate, clients }: Access,
  first: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Output<pulumi.Resource[]> },
): RegistryWithFront {
  const withProxy = hasProxy(args.front);
  const common = {
    instance: name,
    labels: args.labels,
    logRotation: args.logRotation,
    timeZone: args.timeZone,
  };
  const networkName = frontNetwork(name, args, first).name;
  const [door, whenTried] = pulumi.deferredOutput<string>();
  const reach = { port: args.port, bindAddress: args.bindAddress, realm: args.realm };
  const secrets = {
    htpasswd: credentials.htpasswd,
    certificateChainPem: certificate?.chainPem,
    privateKeyPem: certificate?.privateKeyPem,
    clientCaCertificatesPem: clients?.authorityPem,
  };
  const registryImage = localImage(
    `${name}-registry-image`,
    args.registryImage ?? imageNames.registry.official,
    first,
  );
  const server = new RegistryServer(
    `${name}-registry`,
    {
      ...common,
      image: registryImage,
      storage: args.storage,
      keepDataOnDestroy: args.keepDataOnDestroy,
      options: args.registry,
      configOverrides: args.registryConfigOverrides,
      direct: withProxy ? undefined : { ...reach, ...secrets },
      // Creating a network takes two seconds: only who joins it waits for them.
      ...((!withProxy || needsNetwork(args.registryConfigOverrides)) && { networkName }),
      door,
      waitUntilHealthy: !withProxy,
      resources: args.registryResources,
    },
    first,
  );
  if (!withProxy) {
    whenTried(frontDoor(`${name}-door`, "registry", [server.tried], first));
    return { dataLocation: server.dataLocation, ready: server.containerId };
  }
  const waf = args.front === Front.Waf ? (args.waf ?? {}) : undefined;
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
      image: localImage(`${name}-proxy-image`, args.proxyImage ?? proxyImageFor(waf), first),
      socketVolumeName: server.socketVolumeName,
      verifierImage: registryImage,
      ...(servesBlobs(args) && dataSource(args, server)),
      trustedAddresses: args.front === Front.External ? args.external?.trustedAddresses : undefined,
      waf,
      snippet: args.proxySnippet,
      limits: args.limits,
      resources: args.proxyResources,
    },
    // Registry and proxy start side by side, but not if the data cannot be used.
    { parent: first.parent, dependsOn: server.prepared.apply(() => first.dependsOn) },
  );
  whenTried(frontDoor(`${name}-door`, "proxy", [server.tried, proxy.staged], first));
  return { dataLocation: server.dataLocation, ready: proxy.generation };
}

/** The network of the published port. */
function frontNetwork(name: string, args: PrivateRegistryArgs, opts: pulumi.CustomResourceOptions) {
  return new docker.Network(`${name}-network`, identity(name, args.labels).network("network"), {
    ...opts,
    deleteBeforeReplace: true,
    ignoreChanges: ["labels"],
  });
}

/** A mirror's blobs, those of an object store, and answers with headers of your own are the registry's alone. */
function servesBlobs({
  proxyServesBlobs = true,
  registry,
  registryConfigOverrides,
}: PrivateRegistryArgs): boolean {
  return (
    proxyServesBlobs &&
    registry?.headers === undefined &&
    registryConfigOverrides?.http === undefined &&
    usesFilesystem(registryConfigOverrides) &&
    !needsNetwork(registryConfigOverrides)
  );
}

function dataSource({ storage }: PrivateRegistryArgs, server: RegistryServer) {
  return storage?.hostPath === undefined
    ? { dataVolumeName: server.dataLocation }
    : { dataHostPath: storage.hostPath };
}
