import * as pulumi from "@pulumi/pulumi";
import { DescriptorCache } from "./args";
import type { ResolvedRegistryServer } from "./defaults";
import { usesFilesystem } from "./registryOverrides";

/** Every `up` warns of a cache that a garbage collection makes wrong; for an object store its speed is worth it. */
export function warnOfCache(
  registry: pulumi.Resource,
  { options, configOverrides }: ResolvedRegistryServer,
): void {
  if (options.cache === DescriptorCache.InMemory && usesFilesystem(configOverrides)) {
    pulumi.log.warn(
      "registry.cache inmemory: after a garbage collection the registry still claims to have deleted layers, and serves " +
        "nothing for them until it restarts; restart it after each one, or leave the option out",
      registry,
    );
  }
}
