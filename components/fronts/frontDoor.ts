import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * What the servers of a registry wait for: nothing that runs is touched before all that is new has been tried. It is
 * another one where another kind of server has the published port, so that the engine first deletes the one that
 * stands there, and the port is free for the other.
 */
export function frontDoor(
  name: string,
  keeper: "proxy" | "registry",
  tried: pulumi.Output<boolean>[],
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Output<pulumi.Resource[]> },
): pulumi.Output<string> {
  const dependsOn = pulumi.all(tried).apply(() => opts.dependsOn);
  const args = { byteLength: 4, keepers: { keeper } };
  return new random.RandomId(name, args, { parent: opts.parent, dependsOn, deleteBeforeReplace: true }).hex;
}

/** What a server depends on: the job that makes its files ready, and the door. */
export function behindDoor(
  job: pulumi.Output<pulumi.Resource>,
  door: pulumi.Input<string> | undefined,
): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all([job, door]).apply(([ready]) => [ready]);
}

/**
 * The name of a network, for whatever joins it by a published port. The engine sees the door in it: a set of networks that
 * is not known yet replaces a container, while environment and labels would not (tested).
 */
export function throughDoor(
  networkName: pulumi.Input<string>,
  door: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  return pulumi.all([networkName, door]).apply(([network]) => network);
}
