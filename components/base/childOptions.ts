import type * as pulumi from "@pulumi/pulumi";

/** Options of a component's first children: they wait for what the component itself was told to wait for. */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { parent, dependsOn: opts?.dependsOn };
}
