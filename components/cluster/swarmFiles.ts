import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../base/refuse";
import { encoded, type Generation } from "../docker/uploads";
import { bundle, largestBundle } from "./clusterScripts";

/** Files of a service, and the folder that they are in. */
export interface SwarmFiles {
  /** The bundle, as it is uploaded; secret. */
  readonly contentBase64: pulumi.Output<string>;
  readonly generation: pulumi.Output<string>;
}

/** @throws RunError, in the output, if Swarm could not keep them. */
export function swarmFiles(name: string, rendered: pulumi.Output<Generation>): SwarmFiles {
  const contentBase64 = rendered.apply(({ files }) => {
    const text = bundle(files);
    refuse(name, bundleProblems(text));
    return encoded(text);
  });
  return {
    contentBase64: pulumi.secret(contentBase64),
    // A hash over keys and salted hashes of passwords tells nothing.
    generation: pulumi.unsecret(rendered.apply((made) => made.name)),
  };
}

function bundleProblems(text: string): string[] {
  if (text.length <= largestBundle) return [];
  return [
    `users, access, waf, proxySnippet: the files take ${Math.ceil(text.length / 1024)} KiB, and a secret of Swarm holds ${largestBundle / 1024}; take fewer users or rules, or set page to false`,
  ];
}

/** The secret of Swarm. Its name is the provider's to choose: another content is another secret, and the old one is in use. */
export function swarmSecret(
  name: string,
  { contentBase64 }: SwarmFiles,
  labels: docker.types.input.SecretLabel[],
  opts: pulumi.CustomResourceOptions,
): docker.Secret {
  return new docker.Secret(name, { data: contentBase64, labels }, opts);
}
