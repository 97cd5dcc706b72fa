import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../docker/identity";
import type { ClusterFiles } from "./clusterFiles";
import type { ResolvedRegistryCluster } from "./defaults";

/** What the services of a cluster, and what is tried before them, are made from. */
export interface ClusterParts {
  /** Logical name of the component. */
  readonly name: string;
  readonly settings: ResolvedRegistryCluster;
  /** Names and labels of Docker. */
  readonly named: Identity;
  readonly files: ClusterFiles;
  readonly images: { readonly registry: pulumi.Input<string>; readonly proxy: pulumi.Input<string> };
}
