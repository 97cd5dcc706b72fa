import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { contentHash } from "../base/contentHash";
import { publishedAddresses } from "../base/networks";
import type { Named } from "./identity";

/**
 * Where a container's port is published. IPv6 may have a port of its own in the container: Docker lists addresses of one
 * port in any order, and after a refresh the engine would replace the container for that.
 */
export function publishedPorts(
  internal: number,
  external: number,
  bindAddress: string,
  internalForIpv6 = internal,
): docker.types.input.ContainerPort[] {
  return publishedAddresses(bindAddress).map((ip) => ({
    internal: ip.includes(":") ? internalForIpv6 : internal,
    external,
    ip,
  }));
}

/**
 * The network of a published port. One with subnets has a name of its own for them, so that it is there before the
 * servers leave another one: Docker refuses subnets that are taken.
 */
export function publishingNetwork(
  name: string,
  { name: dockerName, labels }: Named,
  { networkSubnets: subnets }: { readonly networkSubnets?: readonly string[] },
  opts: pulumi.CustomResourceOptions,
): docker.Network {
  const kept = { ...opts, ignoreChanges: ["labels"] };
  if (subnets === undefined) {
    return new docker.Network(name, { name: dockerName, labels }, { ...kept, deleteBeforeReplace: true });
  }
  const suffix = contentHash({ subnets: subnets.join(" ") }).slice(0, 8);
  return new docker.Network(
    name,
    {
      name: `${dockerName}-${suffix}`,
      labels,
      ipv6: subnets.some((subnet) => subnet.includes(":")),
      ipamConfigs: subnets.map((subnet) => ({ subnet })),
    },
    { ...kept, deleteBeforeReplace: false },
  );
}
