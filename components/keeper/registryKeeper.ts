import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../base/childOptions";
import { refuse } from "../base/refuse";
import { identity } from "../docker/identity";
import { controlPath, filesPath } from "../docker/paths";
import { behindDoor } from "../fronts/frontDoor";
import type { RegistryKeeperArgs } from "./args";
import { resolvedRegistryKeeper } from "./defaults";
import { keeperContainer, preparedFiles } from "./keeperContainers";
import { keeperGeneration } from "./keeperFiles";
import { registryKeeperProblems } from "./problems";

/**
 * The keeper of a registry on a file system: it gives space back while people push and pull, and answers requests that
 * a proxy puts into its control volume. It has no network. New settings reach the running container by themselves.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class RegistryKeeper extends pulumi.ComponentResource {
  /** Name of the container. */
  public readonly containerName: pulumi.Output<string>;
  /** Volume of its requests and answers, for the proxy. */
  public readonly controlVolumeName: pulumi.Output<string>;
  /** True once its files are in use and its volumes are its own. */
  public readonly prepared: pulumi.Output<boolean>;

  constructor(name: string, args: RegistryKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedRegistryKeeper(name, args);
    refuse(name, registryKeeperProblems(args, settings));
    super("private-registry:index:RegistryKeeper", name, inputs(args), opts);

    const named = identity(settings.instance, settings.labels);
    const withoutLabels = { ...childOptions(this, opts), ignoreChanges: ["labels"] };
    const control = new docker.Volume(`${name}-control`, named.volume("control"), withoutLabels);
    const volume = new docker.Volume(`${name}-volume`, named.volume("keeper-files"), withoutLabels);
    const { name: generation, files } = keeperGeneration(settings);
    const parts = {
      name,
      args: settings,
      named,
      image: settings.image,
      files: pulumi.output(files),
      generation: pulumi.output(generation),
      control: { volumeName: control.name, containerPath: controlPath },
      volume: { volumeName: volume.name, containerPath: filesPath },
    };
    const prepared = preparedFiles(parts, this);
    const dependsOn = behindDoor(prepared, settings.door);
    const container = keeperContainer(parts, { parent: this, dependsOn });

    this.containerName = container.name;
    this.controlVolumeName = control.name;
    this.prepared = prepared.apply(() => true);
    this.registerOutputs({
      containerName: this.containerName,
      controlVolumeName: this.controlVolumeName,
      prepared: this.prepared,
    });
  }
}

// Every child waits for what a component is given: only the server should wait until a running one may go.
function inputs({ door, ...args }: RegistryKeeperArgs): pulumi.Inputs {
  return args;
}
