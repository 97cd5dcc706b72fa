import { immutableTagProblems } from "../access/problems";
import { given, isTextMap, timeOfDayProblems, wholeNumberProblems } from "../base/values";
import {
  instanceNameProblems,
  LEAST_KEEPER_MEMORY_MIB,
  labelProblems,
  logRotationProblems,
  resourceProblems,
  timeZoneProblems,
} from "../docker/problems";
import {
  DescriptorCache,
  RegistryDialect,
  type RegistryOptionsArgs,
  type RegistryOverrides,
} from "../registry/args";
import { resolvedRegistryOptions } from "../registry/defaults";
import { usesFilesystem } from "../registry/registryOverrides";
import type { StorageArgs } from "../registry/storageArgs";
import { keptOnDisk } from "../registry/storagePlace";
import type { KeeperArgs, RegistryKeeperArgs } from "./args";
import type { ResolvedRegistryKeeper } from "./defaults";
import type { DiskGuardArgs, QuotaArgs } from "./guardArgs";
import { diskGuardProblems, quotaProblems } from "./guardProblems";
import type { RetentionRuleArgs } from "./retentionArgs";
import { retentionProblems, retentionWithoutKeeperProblems } from "./retentionProblems";

/** Every problem of a RegistryKeeper's arguments. */
export function registryKeeperProblems(args: RegistryKeeperArgs, settings: ResolvedRegistryKeeper): string[] {
  const { dataVolumeName, dataHostPath } = settings;
  return [
    ...instanceNameProblems(settings.instance),
    ...((dataVolumeName === undefined) === (dataHostPath === undefined)
      ? ["dataVolumeName, dataHostPath: both are given, or none; give one of them"]
      : []),
    ...keeperProblems(args.settings ?? {}, "settings"),
    ...retentionProblems(args.retention ?? []),
    ...(args.immutableTags === undefined ? [] : immutableTagProblems(args.immutableTags)),
    ...given(args.diskGuard, diskGuardProblems),
    ...quotaProblems(args.quotas ?? []),
    ...wholeNumberProblems("auditDays", args.auditDays, 0, 36_500),
    ...timeOfDayProblems("backupAt", args.backupAt, "02:00"),
    ...wholeNumberProblems("uploadHours", args.uploadHours, 1),
    ...timeZoneProblems(settings.timeZone),
    ...logRotationProblems(settings.logRotation),
    ...resourceProblems("resources", settings.resources, LEAST_KEEPER_MEMORY_MIB),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of its settings. */
export function keeperProblems(keeper: KeeperArgs, argument = "keeper"): string[] {
  return [
    ...timeOfDayProblems(`${argument}.collectAt`, keeper.collectAt, "03:30"),
    ...wholeNumberProblems(`${argument}.graceHours`, keeper.graceHours, 1),
    ...wholeNumberProblems(`${argument}.undoDays`, keeper.undoDays, 0, 36_500),
    ...wholeNumberProblems(`${argument}.scrubDays`, keeper.scrubDays, 0, 36_500),
    ...wholeNumberProblems(`${argument}.untaggedDays`, keeper.untaggedDays, 1, 36_500),
  ];
}

/** What a keeper must know of the registry. */
export interface KeptRegistry {
  readonly registry?: RegistryOptionsArgs;
  readonly registryConfigOverrides?: RegistryOverrides;
  readonly storage?: StorageArgs;
}

/**
 * Why a keeper cannot work with a registry. It moves files under a registry that runs, which is safe where that asks
 * the disk for everything, and writes each link beside its place and renames it.
 */
export function keeperObstacles({
  registry,
  registryConfigOverrides: overrides = {},
  storage,
}: KeptRegistry): string[] {
  const { cache, dialect, deleteEnabled } = resolvedRegistryOptions(registry, overrides);
  const hasCache =
    cache !== DescriptorCache.None || (isTextMap(overrides.storage) && overrides.storage.cache !== undefined);
  return [
    ...(usesFilesystem(overrides)
      ? []
      : ["registryConfigOverrides.storage has another driver than the file system"]),
    ...(dialect === RegistryDialect.V2
      ? ['registry.dialect is "v2", which writes links in place, so that one can be read half-written']
      : []),
    ...(storage?.s3 === undefined ? [] : ["storage.s3 keeps the images in an object store"]),
    ...(keptOnDisk(storage, overrides) && hasCache
      ? ["the registry has a cache of descriptors, which still lists what is gone"]
      : []),
    ...(overrides.proxy === undefined
      ? []
      : ["registryConfigOverrides.proxy makes it a mirror, which removes by itself what it has fetched"]),
    ...(deleteEnabled ? [] : ["registry.deleteEnabled is false"]),
  ];
}

/** What to do instead of a backup. */
function withoutBackup({ storage }: KeptRegistry): string {
  return storage?.s3 === undefined
    ? "leave it out"
    : "leave it out, and have the store keep versions of its objects or a copy elsewhere";
}

/** What is the keeper's work, beside its own settings. */
export interface KeeperWork {
  readonly retention?: readonly RetentionRuleArgs[];
  readonly diskGuard?: DiskGuardArgs;
  readonly quotas?: readonly QuotaArgs[];
  readonly backup?: object;
}

/** Problems of a keeper that was asked for, by whatever word or by what is its work, and cannot work or shall not. */
export function keeperObstacleProblems(
  keeper: KeeperArgs | undefined,
  work: KeeperWork,
  registry: KeptRegistry,
): string[] {
  const { retention = [], diskGuard, quotas = [], backup } = work;
  const others = [
    ...(diskGuard !== undefined && diskGuard.enabled !== false ? ["diskGuard"] : []),
    ...(quotas.length > 0 ? ["quotas"] : []),
    ...(backup !== undefined ? ["backup"] : []),
  ];
  if (keeper?.enabled === false) {
    return [
      ...retentionWithoutKeeperProblems(retention, false),
      ...others.map(
        (name) => `${name}: needs the keeper, and keeper.enabled is false; take one of the two out`,
      ),
    ];
  }
  const isAskedFor = Object.values(keeper ?? {}).some((value) => value !== undefined);
  const [first] = [...(retention.length > 0 ? ["retention"] : []), ...others];
  if (!isAskedFor && first === undefined) return [];
  const [argument, remedy] = isAskedFor
    ? ["keeper: cannot work", "leave it out, or set keeper.enabled to false"]
    : [
        `${first}: needs the keeper, which cannot work`,
        first === "backup" ? withoutBackup(registry) : "leave it out",
      ];
  return keeperObstacles(registry).map((obstacle) => `${argument} where ${obstacle}; ${remedy}`);
}
