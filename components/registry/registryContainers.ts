import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  hardened,
  hardenedHelper,
  readiness,
  replaceToChange,
  resourceLimits,
  serviceUid,
} from "../docker/containerSettings";
import { oneShot } from "../docker/oneShot";
import { filesPath, socketPath } from "../docker/paths";
import { server } from "../docker/server";
import type { ServerParts } from "../docker/serverParts";
import { filesLoader } from "../docker/uploads";
import type { ResolvedRegistryServer } from "./defaults";
import { storeAddress, storeFile } from "./registryConfig";
import { debugAddress } from "./registryFiles";
import { healthScript, markScript, prepareScript, startScript, trialScript } from "./registryScripts";
import {
  credentials,
  environment,
  placeOfNone,
  proxyPath,
  published,
  remoteNetwork,
} from "./registrySurroundings";
import type { RegistryVolumes } from "./registryVolumes";
import { keptOnDisk } from "./storagePlace";

/** What the containers of a registry are made from. */
export interface RegistryParts extends ServerParts {
  readonly args: ResolvedRegistryServer;
  readonly volumes: RegistryVolumes;
}

/** Puts the files beside those that serve, marks the place of the images, and gives both to the registry's user. */
export function preparedVolumes(
  { name, args, named, image, files, generation, volumes }: RegistryParts,
  parent: pulumi.Resource,
): pulumi.Output<docker.Container> {
  const loader = filesLoader(
    `${name}-files`,
    {
      ...named.loader("registry-files"),
      image,
      logRotation: args.logRotation,
      volume: volumes.config,
      folder: pulumi.interpolate`${filesPath}/${generation}`,
      files,
    },
    { parent },
  );
  const writes = keptOnDisk(args.storage, args.configOverrides);
  const marks = writes ? [placeMark({ name, args, named, image, volumes }, parent)] : [];
  const script = generation.apply((folder) =>
    prepareScript({
      socketPath: volumes.socketName && socketPath,
      generation: folder,
      uid: serviceUid,
      recursive: args.storage.takeOwnership,
      writes,
      hasData: args.storage.s3 === undefined,
    }),
  );
  return oneShot(
    `${name}-prepare`,
    {
      ...hardenedHelper(args.logRotation),
      ...named.job("registry-prepare"),
      image,
      script,
      ...placeOfNone(args),
      volumes: [...volumes.writable, volumes.config],
    },
    { parent, dependsOn: [loader, ...marks] },
  );
}

/**
 * Marks the place of the images. Once for each place, and not at every change: it must not mark an empty folder whose disk
 * is not mounted.
 */
function placeMark(
  { name, args, named, image, volumes }: Omit<RegistryParts, "files" | "generation">,
  parent: pulumi.Resource,
): pulumi.Output<docker.Container> {
  return oneShot(
    `${name}-mark`,
    {
      ...hardenedHelper(args.logRotation),
      ...named.job("registry-mark"),
      image,
      script: markScript(serviceUid),
      volumes: volumes.data,
    },
    { parent, ignoreChanges: asItWasMarked },
  );
}

/** Inputs that say nothing of the place. Some are of marks that Docker itself has written. */
const asItWasMarked = [
  ..."attach capabilities command entrypoints image labels logOpts logs networkMode".split(" "),
  ..."readOnly restart securityOpts start uploads user".split(" "),
];

/** Starts a registry with these files in a container apart, and sees that it answers. */
export function trial(
  { name, args, named, image, generation, volumes }: RegistryParts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  const script = generation.apply((folder) =>
    trialScript({
      generation: folder,
      debugAddress,
      direct: args.direct !== undefined,
      writes: keptOnDisk(args.storage, args.configOverrides),
      proxyPath: proxyPath(args, folder),
      store: args.storage.s3 && { file: storeFile, address: storeAddress },
    }),
  );
  return oneShot(
    `${name}-try`,
    {
      ...hardened(args.logRotation),
      ...resourceLimits(args.resources),
      ...remoteNetwork(args),
      ...named.job("registry-try"),
      image,
      script,
      envs: environment(args, generation),
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=16m,mode=1777", ...placeOfNone(args).tmpfs },
      volumes: [...volumes.data, volumes.config, ...credentials(args)],
    },
    { ...opts, replaceOnChanges: ["memory", ...replaceToChange] },
  );
}

/** The server. */
export function registryContainer(
  { name, args, named, image, generation, volumes }: RegistryParts,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { direct } = args;
  const { drainSeconds } = args.options;
  const writes = keptOnDisk(args.storage, args.configOverrides);
  return server(
    `${name}-container`,
    {
      logRotation: args.logRotation,
      ...resourceLimits(args.resources),
      ...(direct === undefined ? remoteNetwork(args) : published(args, direct)),
      ...named.server("registry"),
      image,
      entrypoints: ["sh", "-c"],
      command: [
        generation.apply((folder) =>
          startScript(`${filesPath}/${folder}/config.yml`, writes, proxyPath(args, folder)),
        ),
      ],
      envs: environment(args, generation),
      ...placeOfNone(args),
      volumes: [...volumes.writable, { ...volumes.config, readOnly: true }, ...credentials(args)],
      healthcheck: readiness(healthScript(writes, args.metrics)),
      wait: args.waitUntilHealthy,
      waitTimeout: 120,
      stopSeconds: drainSeconds + 5,
    },
    opts,
  );
}
