import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hardenedHelper, readiness, resourceLimits, serviceUid } from "../docker/containerSettings";
import { oneShot } from "../docker/oneShot";
import { dataPath, filesPath } from "../docker/paths";
import { server } from "../docker/server";
import type { ServerParts } from "../docker/serverParts";
import { filesLoader } from "../docker/uploads";
import type { ResolvedRegistryKeeper } from "./defaults";
import { keeperHealthScript, keeperPrepareScript, keeperScript } from "./keeperScripts";

/** What the containers of a keeper are made from. */
export interface KeeperParts extends ServerParts {
  readonly args: ResolvedRegistryKeeper;
  /** Requests, answers and what it knows. */
  readonly control: docker.types.input.ContainerVolume;
  /** All generations of its files. */
  readonly volume: docker.types.input.ContainerVolume;
}

/** Puts the files beside those in use, gives them and the control volume to the keeper's user, and has them used. */
export function preparedFiles(
  { name, args, named, image, files, generation, control, volume }: KeeperParts,
  parent: pulumi.Resource,
): pulumi.Output<docker.Container> {
  const loader = filesLoader(
    `${name}-files`,
    {
      ...named.loader("keeper-files"),
      image,
      volume,
      folder: pulumi.interpolate`${filesPath}/${generation}`,
      files,
      logRotation: args.logRotation,
    },
    { parent },
  );
  return oneShot(
    `${name}-prepare`,
    {
      ...hardenedHelper(args.logRotation),
      ...named.job("keeper-prepare"),
      image,
      script: generation.apply((folder) => keeperPrepareScript(folder, serviceUid)),
      volumes: [control, volume],
    },
    { parent, dependsOn: [loader] },
  );
}

/** The server. Nothing of its settings is in it: they are among its files. */
export function keeperContainer(
  { name, args, named, image, control, volume }: KeeperParts,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { dataVolumeName, dataHostPath } = args;
  const data = dataHostPath === undefined ? { volumeName: dataVolumeName } : { hostPath: dataHostPath };
  return server(
    `${name}-container`,
    {
      logRotation: args.logRotation,
      ...resourceLimits(args.resources),
      // Registry and proxy come first where processors are short.
      cpuShares: 128,
      ...named.server("keeper"),
      image,
      entrypoints: ["sh", "-c"],
      command: [keeperScript()],
      networkMode: "none",
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=16m,mode=1777" },
      volumes: [{ ...data, containerPath: dataPath }, control, { ...volume, readOnly: true }],
      healthcheck: readiness(keeperHealthScript()),
      stopSeconds: 10,
    },
    opts,
  );
}
