import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { contentHash } from "../base/contentHash";
import { hardenedHelper, readiness, resourceLimits, serviceUid } from "../docker/containerSettings";
import type { Identity } from "../docker/identity";
import { oneShot } from "../docker/oneShot";
import { controlPath, dataPath, filesPath, resticCachePath } from "../docker/paths";
import { server } from "../docker/server";
import { type Files, filesLoader } from "../docker/uploads";
import { backupHealthScript, backupPrepareScript, backupScript } from "./backupScripts";
import { repositoryPath } from "./backupTarget";
import type { ResolvedRegistryBackup } from "./defaults";

/** The user `nobody` of every system: ssh wants one with a name. */
const nobody = 65534;

/** What the containers of backups are made from. */
export interface BackupParts {
  readonly name: string;
  readonly args: ResolvedRegistryBackup;
  readonly named: Identity;
  readonly files: pulumi.Output<Files>;
  /** Folder of these files. */
  readonly generation: pulumi.Output<string>;
  /** All generations of its files, and restic's cache. */
  readonly volume: docker.types.input.ContainerVolume;
  readonly cache: docker.types.input.ContainerVolume;
}

/** The volumes of its own: files that it is told something by, and restic's cache. */
export function backupVolumes(name: string, named: Identity, opts: pulumi.CustomResourceOptions) {
  const volume = new docker.Volume(`${name}-volume`, named.volume("backup-files"), opts);
  const cache = new docker.Volume(`${name}-cache`, named.volume("backup-cache"), opts);
  return {
    volume: { volumeName: volume.name, containerPath: filesPath },
    cache: { volumeName: cache.name, containerPath: resticCachePath },
  };
}

/** Puts the files beside those in use, gives everything to its user, and has them used. */
export function preparedBackup(
  { name, args, named, files, generation, volume, cache }: BackupParts,
  parent: pulumi.Resource,
): pulumi.Output<docker.Container> {
  const { image, logRotation } = args;
  const folder = pulumi.interpolate`${filesPath}/${generation}`;
  const loader = filesLoader(
    `${name}-files`,
    { ...named.loader("backup-files"), image, volume, folder, files, logRotation },
    { parent },
  );
  const hasFolder = args.settings.folder !== undefined;
  const keeper = `${serviceUid}:${serviceUid}`;
  return oneShot(
    `${name}-prepare`,
    {
      ...hardenedHelper(logRotation),
      ...named.job("backup-prepare"),
      image,
      script: generation.apply((newest) =>
        backupPrepareScript({ generation: newest, owner: userOf(args), keeper, hasFolder }),
      ),
      volumes: [controlOf(args), volume, cache, ...repositoryOnHost(args)],
    },
    { parent, dependsOn: [loader] },
  );
}

/** The server. Nothing of its secrets is in it: they are among its files. */
export function backupContainer(
  { name, args, named, volume, cache }: BackupParts,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { name: host } = named.server("backup");
  return server(
    `${name}-container`,
    {
      logRotation: args.logRotation,
      ...resourceLimits(args.settings.resources),
      // Registry and proxy come first where processors are short.
      cpuShares: 128,
      ...named.server("backup"),
      // restic knows by it which locks are its own.
      hostname: `backup-${contentHash({ host }).slice(0, 12)}`,
      image: args.image,
      user: userOf(args),
      entrypoints: ["sh", "-c"],
      command: [backupScript()],
      ...networkOf(name, args, named, opts),
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=16m,mode=1777" },
      volumes: [
        { ...dataSource(args), containerPath: dataPath, readOnly: true },
        controlOf(args),
        { ...volume, readOnly: true },
        cache,
        ...repositoryOnHost(args),
      ],
      healthcheck: readiness(backupHealthScript()),
      stopSeconds: 10,
    },
    opts,
  );
}

function userOf({ settings }: ResolvedRegistryBackup): string {
  return `${settings.sftp === undefined ? serviceUid : nobody}:${serviceUid}`;
}

function controlOf({ controlVolumeName }: ResolvedRegistryBackup) {
  return { volumeName: controlVolumeName, containerPath: controlPath };
}

function repositoryOnHost({ settings: { folder } }: ResolvedRegistryBackup) {
  return folder === undefined ? [] : [{ hostPath: folder, containerPath: repositoryPath }];
}

function dataSource({ dataVolumeName, dataHostPath }: ResolvedRegistryBackup) {
  return dataHostPath === undefined ? { volumeName: dataVolumeName } : { hostPath: dataHostPath };
}

/** A folder of the Docker host needs none. */
function networkOf(
  name: string,
  { settings }: ResolvedRegistryBackup,
  named: Identity,
  { parent }: pulumi.CustomResourceOptions,
): Partial<docker.ContainerArgs> {
  if (settings.folder !== undefined) return { networkMode: "none" };
  const network = new docker.Network(`${name}-network`, named.network("backup-network"), {
    parent,
    ignoreChanges: ["labels"],
    deleteBeforeReplace: true,
  });
  return { networksAdvanced: [{ name: network.name }] };
}
