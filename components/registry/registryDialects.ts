import { RegistryDialect } from "./args";

/** Storage drivers of both dialects: registry/storage/driver of distribution 2.8.3 and 3.1.2. */
const DRIVERS = ["azure", "filesystem", "gcs", "inmemory", "s3", "s3aws"];

/** Keys of `storage` that are no storage driver: `Storage.Type` in distribution 3.1.2. */
export const STORAGE_SETTINGS: readonly string[] = ["cache", "delete", "maintenance", "redirect", "tag"];

/**
 * Keys of config.yml that a dialect does not read and the other does: those most likely to be copied from one
 * to the other, not all that differ in configuration/configuration.go between 2.8.3 and 3.1.2. Most are ignored
 * in silence; `storage.tag` makes registry 2 refuse to start, which takes it for a second storage driver.
 */
export const UNSUPPORTED: { readonly [dialect in RegistryDialect]: readonly string[] } = {
  [RegistryDialect.V2]: [
    "http.h2c",
    "proxy.cachewritetimeout",
    "proxy.exec",
    "proxy.ttl",
    "redis.addrs",
    "redis.clientname",
    "redis.connmaxidletime",
    "redis.connmaxlifetime",
    "redis.mastername",
    "redis.maxactiveconns",
    "redis.maxidleconns",
    "redis.maxretries",
    "redis.minidleconns",
    "redis.poolsize",
    "redis.pooltimeout",
    "redis.protocol",
    "redis.sentinelpassword",
    "redis.sentinelusername",
    "redis.tls.certificate",
    "redis.tls.key",
    "redis.tls.rootcas",
    "redis.username",
    "storage.tag",
    "validation.manifests.indexes",
  ],
  [RegistryDialect.V3]: ["redis.addr", "redis.pool", "redis.tls.enabled", "storage.oss", "storage.swift"],
};

/** Names of the storage drivers of a dialect. */
export function storageDrivers(dialect: RegistryDialect): readonly string[] {
  return dialect === RegistryDialect.V2 ? [...DRIVERS, "oss", "swift"] : DRIVERS;
}
