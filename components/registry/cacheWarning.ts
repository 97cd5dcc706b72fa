import * as pulumi from "@pulumi/pulumi";
import { DescriptorCache } from "./args";
import type { ResolvedRegistryServer } from "./defaults";
import { usesFilesystem } from "./registryOverrides";

/** Every `up` warns of a cache that a garbage collection makes wrong; where overrides name an object store its speed is worth it. */
export function warnOfCache(
  registry: pulumi.Resource,
  { options, storage, configOverrides }: ResolvedRegistryServer,
): void {
  const isOverridden = storage.s3 === undefined && !usesFilesystem(configOverrides);
  if (options.cache === DescriptorCache.InMemory && !isOverridden) {
    pulumi.log.warn(
      "registry.cache inmemory: after a garbage collection the registry still claims to have deleted layers, and serves " +
        "nothing for them until it restarts; restart it after each one, or leave the option out",
      registry,
    );
  }
}
