import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** The image on the Docker host, pulled if it is not there; never removed, as others may use it. */
export function localImage(
  name: string,
  reference: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new docker.RemoteImage(name, { name: reference, keepLocally: true }, opts).imageId;
}
