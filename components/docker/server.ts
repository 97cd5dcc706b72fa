import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { hardened, replaceToChange } from "./containerSettings";
import type { ResolvedLogRotation } from "./defaults";

export interface ServerArgs extends docker.ContainerArgs {
  readonly logRotation: ResolvedLogRotation;
  /** Seconds that it gets to end what is under way. */
  readonly stopSeconds: number;
}

/** A container that runs for long: it comes back after every end, and goes before the one that takes its place. */
export function server(
  name: string,
  { logRotation, stopSeconds, ...args }: ServerArgs,
  { replaceOnChanges = [], ...opts }: pulumi.CustomResourceOptions,
): docker.Container {
  return new docker.Container(
    name,
    {
      ...hardened(logRotation),
      ...args,
      restart: "always",
      stopTimeout: stopSeconds,
      destroyGraceSeconds: stopSeconds,
    },
    { ...opts, deleteBeforeReplace: true, replaceOnChanges: [...replaceToChange, ...replaceOnChanges] },
  );
}
