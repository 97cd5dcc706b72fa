import { stringify } from "yaml";
import type { RegistryOptionsArgs } from "../args";
import { DescriptorCache, LogFormat, LogLevel, RegistryDialect } from "../enums";
import { type DirectListener, directAuth, directHttp } from "./directListener";
import { mergeOverrides, type RegistryOverrides, usesFilesystem } from "./registryOverrides";

export { needsNetwork, type RegistryOverrides, usesFilesystem } from "./registryOverrides";

/** Everything that decides the text of the registry's config.yml; validated before. */
export interface RegistryConfigSettings {
  readonly options: RegistryOptionsArgs;
  /** Key that signs the state of uploads, so that they go on after a restart. */
  readonly httpSecret: string;
  /** Absolute path of the unix socket that the registry makes and listens on. */
  readonly socketPath: string;
  /** How it listens instead if clients reach it without a proxy. */
  readonly direct?: DirectListener;
  /** Address and port of `/debug/health`, such as "127.0.0.1:5001"; inside the container only. */
  readonly debugAddress: string;
  /** Absolute path of the images in the container. */
  readonly rootDirectory: string;
  /** Sections merged into the result. Defaults to none. */
  readonly overrides?: RegistryOverrides;
}

/**
 * Renders config.yml of the CNCF registry, as YAML 1.1: the registry's parser (gopkg.in/yaml.v2) takes
 * a bare `yes` or `on` for a truth value.
 */
export function registryConfig(settings: RegistryConfigSettings): string {
  const { options } = settings;
  const config = {
    version: 0.1,
    log: log(options),
    storage: storage(settings),
    http: http(settings),
    ...(settings.direct && directAuth(settings.direct)),
    health: {
      storagedriver: {
        enabled: true,
        interval: `${options.healthIntervalSeconds ?? 10}s`,
        threshold: options.healthThreshold ?? 3,
      },
    },
    ...compatibility(options),
  };
  return stringify(mergeOverrides(config, settings.overrides ?? {}), {
    version: "1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function log(options: RegistryOptionsArgs) {
  return {
    level: options.logLevel ?? LogLevel.Warn,
    formatter: options.logFormat ?? LogFormat.Text,
    fields: options.logFields ?? { service: "registry" },
    accesslog: { disabled: !(options.accessLog ?? false) },
  };
}

function storage({ options, rootDirectory, overrides }: RegistryConfigSettings) {
  // Memory goes on knowing what a garbage collection has deleted, and a disk is asked at little cost.
  const cache =
    options.cache ?? (usesFilesystem(overrides) ? DescriptorCache.None : DescriptorCache.InMemory);
  const concurrency = options.tagLookupConcurrency;
  return {
    filesystem: { rootdirectory: rootDirectory },
    delete: { enabled: options.deleteEnabled ?? true },
    ...(cache === DescriptorCache.None ? {} : { cache: { blobdescriptor: cache } }),
    maintenance: {
      // All four keys: the registry panics where one is missing.
      uploadpurging: {
        enabled: options.uploadPurging ?? true,
        age: `${options.uploadPurgeAgeHours ?? 168}h`,
        interval: `${options.uploadPurgeIntervalHours ?? 24}h`,
        dryrun: false,
      },
      readonly: { enabled: options.readOnly ?? false },
    },
    ...(concurrency === undefined ? {} : { tag: { concurrencylimit: concurrency } }),
  };
}

function http(settings: RegistryConfigSettings) {
  const { options, direct, socketPath } = settings;
  return {
    ...(direct === undefined ? { net: "unix", addr: socketPath } : directHttp(direct)),
    secret: settings.httpSecret,
    // Clients complete `Location` themselves, whatever name, port and proxy they came by.
    relativeurls: true,
    draintimeout: `${options.drainSeconds ?? 60}s`,
    headers: options.headers ?? { "X-Content-Type-Options": ["nosniff"] },
    debug: { addr: settings.debugAddress },
  };
}

function compatibility(options: RegistryOptionsArgs) {
  return options.dialect === RegistryDialect.V2 && options.schema1 !== undefined
    ? { compatibility: { schema1: { enabled: options.schema1 } } }
    : {};
}
