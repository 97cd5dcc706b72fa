import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hardened } from "./containerSettings";
import type { ResolvedLogRotation } from "./defaults";
import type { Named } from "./identity";

/** Files for a container: name, or path below their folder, to content in base64, since zone data is binary. */
export type Files = { readonly [name: string]: string };

/** Files that belong together, and what stands for them: the folder that holds them. */
export interface Generation {
  readonly name: string;
  readonly files: Files;
}

/** A text as the content of a file. */
export function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

export interface FilesLoaderArgs extends Named {
  /** Any local image: the container is created, never started. */
  readonly image: pulumi.Input<string>;
  /** What receives the files, and where it is mounted. */
  readonly volume: docker.types.input.ContainerVolume;
  /** Folder for the files, the mount point or below it. */
  readonly folder: pulumi.Input<string>;
  /** The files, readable by their owner alone: a one-shot must give them to the service. */
  readonly files: pulumi.Input<Files>;
  readonly logRotation: ResolvedLogRotation;
}

/**
 * Puts files into a volume, on any Docker host and without a bind mount: Docker copies uploads into a
 * container when it creates it, but refuses a read-only one, so they go in through a container of their own.
 */
export function filesLoader(
  name: string,
  args: FilesLoaderArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const uploads = pulumi.all([args.folder, args.files]).apply(([folder, files]) =>
    Object.entries(files).map(([file, contentBase64]) => ({
      file: `${folder}/${file}`,
      contentBase64,
      permissions: "0400",
    })),
  );
  return new docker.Container(
    name,
    {
      ...hardened(args.logRotation),
      readOnly: false,
      // Docker 20.10 gives uploads to this user, and fails for a number without a name. Nothing runs here.
      user: undefined,
      name: args.name,
      image: args.image,
      command: ["true"],
      start: false,
      mustRun: false,
      networkMode: "none",
      labels: args.labels,
      volumes: [args.volume],
      uploads: pulumi.secret(uploads),
    },
    { ...opts, deleteBeforeReplace: true },
  );
}
