import { everyAddress, httpsPort } from "../base/hostnames";
import { defaultTimeZone, resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { imageNames } from "../docker/imageNames";
import { resolvedOutgoing } from "../outgoing/defaults";
import {
  DescriptorCache,
  type DirectAccessArgs,
  LogFormat,
  LogLevel,
  RegistryDialect,
  type RegistryOptionsArgs,
  type RegistryOverrides,
  type RegistryServerArgs,
} from "./args";
import { usesFilesystem } from "./registryOverrides";
import type { S3StorageArgs, StorageArgs } from "./storageArgs";

/** Text of the login prompt, where none is given. */
export const defaultRealm = "Private Registry";

/** Whether the data volume stays when the stack is destroyed, where nothing is said. */
export const keepsData = true;

/** The place of the images with every default but the volume's name, which Docker's other names are part of. */
export function resolvedStorage(args: StorageArgs = {}) {
  return {
    ...args,
    takeOwnership: args.takeOwnership ?? false,
    s3: args.s3 && resolvedS3Storage(args.s3),
  };
}

/** A bucket with every default. */
export function resolvedS3Storage(args: S3StorageArgs) {
  const hasEndpoint = args.endpoint !== undefined;
  return {
    ...args,
    // Other stores have no regions, or do not look; what signs a request wants one.
    region: args.region ?? (hasEndpoint ? "us-east-1" : undefined),
    pathStyle: args.pathStyle ?? hasEndpoint,
    redirect: args.redirect ?? false,
  };
}

/** The settings of a registry without a proxy with every default. */
export function resolvedDirect(args: DirectAccessArgs) {
  return {
    ...args,
    port: args.port ?? httpsPort,
    bindAddress: args.bindAddress ?? everyAddress,
    realm: args.realm ?? defaultRealm,
  };
}

export type ResolvedDirect = ReturnType<typeof resolvedDirect>;

/** The options of the registry process with every default; where images are kept decides one of them. */
export function resolvedRegistryOptions(args: RegistryOptionsArgs = {}, overrides: RegistryOverrides = {}) {
  // Memory still lists what a garbage collection has deleted, and asking a disk costs little.
  const cache = usesFilesystem(overrides) ? DescriptorCache.None : DescriptorCache.InMemory;
  return {
    ...args,
    dialect: args.dialect ?? RegistryDialect.V3,
    deleteEnabled: args.deleteEnabled ?? true,
    readOnly: args.readOnly ?? false,
    cache: args.cache ?? cache,
    healthIntervalSeconds: args.healthIntervalSeconds ?? 10,
    healthThreshold: args.healthThreshold ?? 3,
    logLevel: args.logLevel ?? LogLevel.Warn,
    logFormat: args.logFormat ?? LogFormat.Text,
    logFields: args.logFields ?? { service: "registry" },
    accessLog: args.accessLog ?? false,
    headers: args.headers ?? { "X-Content-Type-Options": ["nosniff"] },
    uploadPurging: args.uploadPurging ?? true,
    uploadPurgeAgeHours: args.uploadPurgeAgeHours ?? 168,
    uploadPurgeIntervalHours: args.uploadPurgeIntervalHours ?? 24,
    drainSeconds: args.drainSeconds ?? 60,
    schema1: args.schema1 ?? false,
  };
}

export type ResolvedRegistryOptions = ReturnType<typeof resolvedRegistryOptions>;

/** The arguments of a RegistryServer with every default. */
export function resolvedRegistryServer(name: string, args: RegistryServerArgs = {}) {
  const configOverrides = args.configOverrides ?? {};
  return {
    ...args,
    instance: args.instance ?? name,
    image: args.image ?? imageNames.registry.official,
    storage: resolvedStorage(args.storage),
    keepDataOnDestroy: args.keepDataOnDestroy ?? keepsData,
    options: resolvedRegistryOptions(args.options, configOverrides),
    configOverrides,
    outgoing: resolvedOutgoing(args.outgoing),
    metrics: args.metrics ?? false,
    waitUntilHealthy: args.waitUntilHealthy ?? true,
    direct: args.direct && resolvedDirect(args.direct),
    timeZone: args.timeZone ?? defaultTimeZone,
    logRotation: resolvedLogRotation(args.logRotation),
    resources: resolvedResources(args.resources),
    labels: args.labels ?? {},
  };
}

export type ResolvedRegistryServer = ReturnType<typeof resolvedRegistryServer>;
