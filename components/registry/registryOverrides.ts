import { isTextMap, type TextMap } from "../base/values";
import type { RegistryOverrides } from "./args";
import { STORAGE_SETTINGS } from "./registryDialects";

/** Storage drivers that need nothing but this machine. */
const LOCAL_DRIVERS = ["filesystem", "inmemory"];

/** Where config.yml names something remote: webhooks, redis, an upstream, mail, checks of other servers. */
const REMOTE_PATHS: readonly (readonly [section: string, key?: string])[] = [
  ["proxy"],
  ["notifications"],
  ["redis"],
  ["reporting"],
  ["middleware"],
  ["log", "hooks"],
  ["health", "http"],
  ["health", "tcp"],
];

/** Merges overrides into a configuration: maps key by key, everything else replaced. */
export function mergeOverrides(config: TextMap, overrides: RegistryOverrides): TextMap {
  return merge(withoutReplacedDriver(config, overrides), overrides);
}

/** Whether overrides name something outside the container, so that the registry needs a network. */
export function needsNetwork(overrides: RegistryOverrides = {}): boolean {
  return (
    REMOTE_PATHS.some(([section, key]) =>
      key === undefined ? section in asMap(overrides) : key in mapAt(overrides, section),
    ) || driversOf(overrides).some((driver) => !LOCAL_DRIVERS.includes(driver))
  );
}

/** Whether images are kept in the file system: overrides may name another storage driver. */
export function usesFilesystem(overrides: RegistryOverrides = {}): boolean {
  return driversOf(overrides).every((driver) => driver === "filesystem");
}

function merge(base: TextMap, over: TextMap): TextMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isTextMap(before) && isTextMap(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Takes our file system driver out where overrides name another one: the registry allows exactly one. */
function withoutReplacedDriver(config: TextMap, overrides: RegistryOverrides): TextMap {
  if (usesFilesystem(overrides)) {
    return config;
  }
  const kept = Object.entries(mapAt(config, "storage")).filter(([key]) => key !== "filesystem");
  return { ...config, storage: Object.fromEntries(kept) };
}

function driversOf(overrides: RegistryOverrides): string[] {
  return Object.keys(mapAt(overrides, "storage")).filter((key) => !STORAGE_SETTINGS.includes(key));
}

function mapAt(tree: unknown, key: string): TextMap {
  return asMap(asMap(tree)[key]);
}

/** What is no map is refused elsewhere. */
function asMap(value: unknown): TextMap {
  return isTextMap(value) ? value : {};
}
