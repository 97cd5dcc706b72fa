import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { credentialsPath, dataPath, filesPath } from "../docker/paths";
import { zoneEnvironment } from "../docker/timeZone";
import { throughDoor } from "../fronts/frontDoor";
import { authoritiesFolder, outgoingProxyFile } from "../outgoing/outgoingFiles";
import type { ResolvedDirect, ResolvedRegistryServer } from "./defaults";
import { goRuntime } from "./goRuntime";
import { directPort } from "./registryFiles";
import { reachesOut } from "./storagePlace";

/** Path of the file with the proxy to ask by. */
export function proxyPath({ outgoing }: ResolvedRegistryServer, folder: string): string | undefined {
  return outgoing.proxy === undefined ? undefined : `${filesPath}/${folder}/${outgoingProxyFile}`;
}

/** Environment of the registry. */
export function environment(
  { resources, timeZone, outgoing, storage }: ResolvedRegistryServer,
  generation: pulumi.Output<string>,
): pulumi.Output<string[]> {
  return generation.apply((folder) => [
    "OTEL_TRACES_EXPORTER=none",
    ...goRuntime(resources),
    ...(storage.s3?.credentialsFile === undefined ? [] : [`AWS_SHARED_CREDENTIALS_FILE=${credentialsPath}`]),
    // Go reads the bundle of the image beside these.
    ...(outgoing.caCertificatesPem === undefined
      ? []
      : [`SSL_CERT_DIR=/etc/ssl/certs:${filesPath}/${folder}/${authoritiesFolder}`]),
    ...zoneEnvironment(`${filesPath}/${folder}`, timeZone),
  ]);
}

/** The file with a key, where one is named. */
export function credentials({ storage }: ResolvedRegistryServer): docker.types.input.ContainerVolume[] {
  const file = storage.s3?.credentialsFile;
  return file === undefined ? [] : [{ hostPath: file, containerPath: credentialsPath, readOnly: true }];
}

/** The image declares a volume for images: Docker would make one for every container that mounts nothing there. */
export function placeOfNone({ storage }: ResolvedRegistryServer): Pick<docker.ContainerArgs, "tmpfs"> {
  return storage.s3 === undefined ? {} : { tmpfs: { [dataPath]: "ro,noexec,nosuid,size=4k" } };
}

/** A network only if images are in a bucket, or an override names something remote. */
export function remoteNetwork({ storage, configOverrides, networkName }: ResolvedRegistryServer) {
  return networkName !== undefined && reachesOut(storage, configOverrides)
    ? { networksAdvanced: [{ name: networkName }] }
    : { networkMode: "none" };
}

/** What clients without a proxy need. */
export function published(
  { networkName, door }: ResolvedRegistryServer,
  { port, bindAddress }: ResolvedDirect,
) {
  return {
    ...(networkName !== undefined && { networksAdvanced: [{ name: throughDoor(networkName, door) }] }),
    ports: [{ internal: directPort, external: port, ip: bindAddress }],
  };
}
