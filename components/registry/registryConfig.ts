import { yamlText } from "../base/yamlText";
import { DescriptorCache, RegistryDialect, type RegistryOverrides } from "./args";
import type { ResolvedRegistryOptions } from "./defaults";
import { type DirectListener, directAuth, directTls } from "./directListener";
import { mergeOverrides } from "./registryOverrides";
import { type S3Settings, s3Storage } from "./s3Config";

/** Everything that decides the text of the registry's config.yml; validated before. */
export interface RegistryConfigSettings {
  readonly options: ResolvedRegistryOptions;
  /** Key that signs the state of uploads, so that they go on after a restart. */
  readonly httpSecret: string;
  /** Absolute path of the unix socket that the registry makes and listens on. */
  readonly socketPath: string;
  /** How it listens instead if clients reach it without a proxy. */
  readonly direct?: DirectListener;
  /** Address and port of `/debug/health`, such as "127.0.0.1:5001"; inside the container only. */
  readonly debugAddress: string;
  /** Whether it answers with its figures at `/metrics` there. Defaults to false. */
  readonly hasMetrics?: boolean;
  /** Absolute path of the images in the container, where they are not in a bucket. */
  readonly rootDirectory: string;
  /** The bucket of the images. Defaults to none: they are on a disk. */
  readonly s3?: S3Settings;
  /** Sections merged into the result. */
  readonly overrides: RegistryOverrides;
}

/** Renders config.yml of the CNCF registry. */
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
        interval: `${options.healthIntervalSeconds}s`,
        threshold: options.healthThreshold,
      },
    },
    ...compatibility(options),
  };
  return yamlText(mergeOverrides(config, settings.overrides));
}

/** Configuration of a registry in the same store that nobody knows. */
export const storeFile = "store.yml";

/** Where that listens, in a container of its own. */
export const storeAddress = "127.0.0.1:5002";

/**
 * Renders config.yml of a registry that nobody knows, in the same store: for its collector, and to try what the key may do.
 *
 * @param address Address and port of the container's own loopback.
 */
export function storeConfig(s3: S3Settings, address: string): string {
  return yamlText({
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: {
      ...s3Storage(s3),
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false, age: "168h", interval: "24h", dryrun: false } },
    },
    http: { addr: address, relativeurls: true, secret: "of nobody" },
  });
}

function log(options: ResolvedRegistryOptions) {
  return {
    level: options.logLevel,
    formatter: options.logFormat,
    fields: options.logFields,
    accesslog: { disabled: !options.accessLog },
  };
}

function storage({ options, rootDirectory, s3 }: RegistryConfigSettings) {
  const { cache, tagLookupConcurrency: concurrency } = options;
  return {
    ...(s3 === undefined ? { filesystem: { rootdirectory: rootDirectory } } : s3Storage(s3)),
    delete: { enabled: options.deleteEnabled },
    ...(cache === DescriptorCache.None ? {} : { cache: { blobdescriptor: cache } }),
    maintenance: {
      // All four keys: the registry panics where one is missing.
      uploadpurging: {
        enabled: options.uploadPurging,
        age: `${options.uploadPurgeAgeHours}h`,
        interval: `${options.uploadPurgeIntervalHours}h`,
        dryrun: false,
      },
      readonly: { enabled: options.readOnly },
    },
    ...(concurrency === undefined ? {} : { tag: { concurrencylimit: concurrency } }),
  };
}

function http(settings: RegistryConfigSettings) {
  const { options, direct, socketPath } = settings;
  return {
    ...(direct === undefined ? { net: "unix", addr: socketPath } : { addr: direct.address }),
    // HTTP/2 makes uploads several times slower. To the proxy on its socket the registry speaks HTTP/1.1 anyway.
    ...(direct && { http2: { disabled: true }, ...directTls(direct) }),
    secret: settings.httpSecret,
    // Clients complete `Location` themselves, whatever name, port and proxy they came by.
    relativeurls: true,
    draintimeout: `${options.drainSeconds}s`,
    headers: options.headers,
    debug: {
      addr: settings.debugAddress,
      ...(settings.hasMetrics && { prometheus: { enabled: true, path: "/metrics" } }),
    },
  };
}

function compatibility(options: ResolvedRegistryOptions) {
  return options.dialect === RegistryDialect.V2 && options.schema1
    ? { compatibility: { schema1: { enabled: options.schema1 } } }
    : {};
}
