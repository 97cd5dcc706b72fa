import { resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { proxyImageFor } from "../docker/imageNames";
import { Front } from "../fronts/args";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import { resolvedPrivateRegistry } from "../privateRegistryDefaults";
import type { BlobCacheArgs } from "../proxy/args";
import { blobCacheObstacles } from "../proxy/blobCacheProblems";
import { resolvedBlobCache } from "../proxy/defaults";
import { DescriptorCache } from "../registry/args";
import { resolvedRegistryServer } from "../registry/defaults";
import type { RegistryClusterArgs } from "./args";

/** A cluster as the registry on one host that each of its nodes is like: without a keeper, which needs the disk. */
export function asPrivateRegistry({ nodes, blobCache, ...args }: RegistryClusterArgs): PrivateRegistryArgs {
  return { ...args, front: args.waf === undefined ? Front.Nginx : Front.Waf, keeper: { enabled: false } };
}

/** Blobs are kept unless something forbids it. */
function unasked(args: RegistryClusterArgs): BlobCacheArgs {
  return blobCacheObstacles(args).length === 0 ? {} : { sizeGib: 0 };
}

/** The arguments of a RegistryCluster with every default. */
export function resolvedRegistryCluster(args: RegistryClusterArgs) {
  return {
    ...resolvedPrivateRegistry(asPrivateRegistry(args)),
    nodes: args.nodes,
    blobCache: resolvedBlobCache(args.blobCache ?? unasked(args)),
    hasFirewall: args.waf !== undefined,
    proxyImage: args.proxyImage ?? proxyImageFor(args.waf),
    logRotation: resolvedLogRotation(args.logRotation),
    registryResources: resolvedResources(args.registryResources),
    proxyResources: resolvedResources(args.proxyResources),
  };
}

export type ResolvedRegistryCluster = ReturnType<typeof resolvedRegistryCluster>;

/** The settings of each of its registries. None remembers what there is: another one may have taken it away. */
export function registryOf(name: string, settings: ResolvedRegistryCluster) {
  const { storage, registry, registryConfigOverrides, outgoing, registryResources, timeZone } = settings;
  return resolvedRegistryServer(name, {
    storage,
    options: { ...registry, cache: DescriptorCache.None },
    configOverrides: registryConfigOverrides,
    outgoing,
    resources: registryResources,
    timeZone,
  });
}
