import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { certificatesPath, takeAny, takeNewest } from "./certificateScripts";

/** What a server needs that takes its certificate from a volume. */
export interface TakenCertificate {
  readonly mounts: docker.types.input.ContainerVolume[];
  /** Shell lines before the server starts, or is tested. */
  readonly take: string;
  /** Shell lines before each health check: they take up a new certificate. */
  readonly takeNewest: string;
}

/** All of it, or nothing where the certificate is among the server's files. */
export function takenCertificate(volumeName: pulumi.Input<string> | undefined): TakenCertificate {
  return volumeName === undefined
    ? { mounts: [], take: "", takeNewest: "" }
    : {
        mounts: [{ volumeName, containerPath: certificatesPath, readOnly: true }],
        take: takeAny(),
        takeNewest: takeNewest(),
      };
}
