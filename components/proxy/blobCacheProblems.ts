import { isTextMap, wholeNumberProblems } from "../base/values";
import type { RegistryOptionsArgs, RegistryOverrides } from "../registry/args";
import type { BlobCacheArgs } from "./args";

/** What decides whether blobs can be kept with the answers that they came with. */
export interface BlobCacheSurroundings {
  readonly registry?: RegistryOptionsArgs;
  readonly registryConfigOverrides?: RegistryOverrides;
}

/** Problems of how much is kept. */
export function cacheSizeProblems({ sizeGib }: BlobCacheArgs, argument = "blobCache"): string[] {
  return wholeNumberProblems(`${argument}.sizeGib`, sizeGib, 0, 100_000);
}

/** Why blobs are not kept unless that is asked for: headers are kept with them, and others would not be seen for a year. */
export function blobCacheObstacles(surroundings: BlobCacheSurroundings): string[] {
  const { registry, registryConfigOverrides = {} } = surroundings;
  return [
    ...(registry?.headers === undefined ? [] : ["registry.headers"]),
    ...(isTextMap(registryConfigOverrides.http) ? ["registryConfigOverrides.http"] : []),
  ];
}

/** Problems of blobs that shall be kept. */
export function blobCacheProblems(
  cache: BlobCacheArgs | undefined,
  surroundings: BlobCacheSurroundings,
): string[] {
  if (cache === undefined || cache.sizeGib === 0) return [];
  return [
    ...cacheSizeProblems(cache),
    ...blobCacheObstacles(surroundings).map(
      (other) =>
        `blobCache: what ${other} says would be kept with the blobs; take that out, or set sizeGib to 0`,
    ),
  ];
}
