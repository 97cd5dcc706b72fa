import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * A random text of 256 bits, secret in the state. Not RandomBytes: its value is also its id, and ids stand in
 * clear in the state.
 */
export function randomSecret(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return new random.RandomPassword(name, { length: 43, special: false }, opts).result;
}
