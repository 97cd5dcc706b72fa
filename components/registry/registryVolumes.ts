import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { identity } from "../docker/identity";
import { dataPath, filesPath, socketPath } from "../docker/paths";
import type { ResolvedRegistryServer } from "./defaults";
import { bucketName } from "./storagePlace";

/** The volumes of a registry, as mounts and by name. */
export interface RegistryVolumes {
  /** Images, and the socket unless clients reach the registry directly. */
  readonly writable: docker.types.input.ContainerVolume[];
  /** The images alone; none where they are in a bucket. */
  readonly data: docker.types.input.ContainerVolume[];
  /** All generations of the configuration, which the registry mounts read-only. */
  readonly config: docker.types.input.ContainerVolume;
  readonly socketName?: pulumi.Output<string>;
  /** Name of the volume with the images, the host path, or the bucket as "s3://bucket/folder". */
  readonly dataLocation: pulumi.Output<string>;
}

/** Creates them. */
export function registryVolumes(
  name: string,
  args: ResolvedRegistryServer,
  opts: pulumi.CustomResourceOptions,
): RegistryVolumes {
  const named = identity(args.instance, args.labels);
  const data = dataVolume(`${name}-data`, args, opts);
  const socket =
    args.direct === undefined
      ? new docker.Volume(`${name}-socket`, named.volume("socket"), { ...opts, ignoreChanges: ["labels"] })
      : undefined;
  const config = new docker.Volume(`${name}-config`, named.volume("config"), {
    ...opts,
    ignoreChanges: ["labels"],
  });
  const { hostPath, s3 } = args.storage;
  const dataSource = data === undefined ? { hostPath } : { volumeName: data.name };
  const images = s3 === undefined ? [{ ...dataSource, containerPath: dataPath }] : [];
  return {
    data: images,
    writable: [
      ...images,
      ...(socket === undefined ? [] : [{ volumeName: socket.name, containerPath: socketPath }]),
    ],
    config: { volumeName: config.name, containerPath: filesPath },
    socketName: socket?.name,
    dataLocation: pulumi.output(data?.name ?? hostPath ?? (s3 === undefined ? "" : bucketName(s3))),
  };
}

/** The volume of the images, unless they are on a host path or in a bucket. Nothing but its name may ever replace it. */
function dataVolume(
  name: string,
  args: ResolvedRegistryServer,
  opts: pulumi.CustomResourceOptions,
): docker.Volume | undefined {
  if (args.storage.hostPath !== undefined || args.storage.s3 !== undefined) {
    return undefined;
  }
  return new docker.Volume(
    name,
    {
      ...identity(args.instance, args.labels).volume("data"),
      ...(args.storage.volumeName !== undefined && { name: args.storage.volumeName }),
    },
    {
      ...opts,
      retainOnDelete: args.keepDataOnDestroy,
      ignoreChanges: ["labels", "driver", "driverOpts"],
    },
  );
}
