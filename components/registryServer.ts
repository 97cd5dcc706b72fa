import * as pulumi from "@pulumi/pulumi";
import type {
  DirectAccessArgs,
  LogRotationArgs,
  RegistryOptionsArgs,
  ResourceArgs,
  StorageArgs,
} from "./args";
import { warnOfCache } from "./cacheWarning";
import { childOptions } from "./childOptions";
import { defaultRegistryImage } from "./defaults";
import { behindDoor } from "./frontDoor";
import { identity, type Labels } from "./identity";
import { randomSecret } from "./randomSecret";
import { refuse } from "./refuse";
import { preparedVolumes, registryContainer, trial } from "./registryContainers";
import { registryGeneration } from "./registryFiles";
import { registryVolumes } from "./registryVolumes";
import type { RegistryOverrides } from "./render/registryConfig";
import { registryServerProblems } from "./validation/components";

export interface RegistryServerArgs {
  /** Name in Docker names and labels. @default <the component's name> */
  readonly instance?: string;
  /** Image reference. An image of the CNCF distribution. @default "registry:3.1.2" */
  readonly image?: pulumi.Input<string>;
  /** Where images are kept. @default {} */
  readonly storage?: StorageArgs;
  /** Whether the data volume stays when the stack is destroyed. @default true */
  readonly keepDataOnDestroy?: boolean;
  /** Options of the registry process. @default {} */
  readonly options?: RegistryOptionsArgs;
  /** Sections merged into config.yml last, for what `options` lacks; kept secret in the state. @default {} */
  readonly configOverrides?: RegistryOverrides;
  /** Whether to wait until Docker calls it healthy, 5 s at least: a proxy asks sooner. @default true */
  readonly waitUntilHealthy?: boolean;
  /** For clients without a proxy: then it listens on a port of its own and checks logins. @default none */
  readonly direct?: DirectAccessArgs;
  /** Docker network, joined only for `direct` or if an override names something remote. @default none */
  readonly networkName?: pulumi.Input<string>;
  /** Known once a running registry may be replaced. @default <at once> */
  readonly door?: pulumi.Input<string>;
  /** Time zone of the logs, such as "Asia/Shanghai". @default "UTC" */
  readonly timeZone?: string;
  /** Log rotation. @default {} */
  readonly logRotation?: LogRotationArgs;
  /** Limits of the container. @default {} */
  readonly resources?: ResourceArgs;
  /** Labels of everything created. Ours come beside them. @default {} */
  readonly labels?: Labels;
}

/**
 * The CNCF registry with its volumes and config.yml. It listens on a unix socket in a volume and nowhere else,
 * and asks nobody for a password: only whoever mounts that volume can reach it. With `direct` it publishes a port.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class RegistryServer extends pulumi.ComponentResource {
  /** Name of the container. */
  public readonly containerName: pulumi.Output<string>;
  /** Id of the container: another one after each change but of labels. */
  public readonly containerId: pulumi.Output<string>;
  /** Name of the volume that holds the socket; empty with `direct`. */
  public readonly socketVolumeName: pulumi.Output<string>;
  /** True once the volumes belong to the registry's user. */
  public readonly prepared: pulumi.Output<boolean>;
  /** True once a registry has answered with these settings, in a container apart. */
  public readonly tried: pulumi.Output<boolean>;
  /** Name of the volume with the images, or the host path. */
  public readonly dataLocation: pulumi.Output<string>;

  constructor(name: string, args: RegistryServerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, registryServerProblems(name, args));
    super("private-registry:index:RegistryServer", name, secretArgs(args), opts);
    warnOfCache(this, args);

    const instance = args.instance ?? name;
    const named = identity(instance, args.labels);
    const image = args.image ?? defaultRegistryImage;
    const first = childOptions(this, opts);
    const secret = randomSecret(`${name}-secret`, first);
    const rendered = registryGeneration(args, secret);
    const files = rendered.apply((made) => made.files);
    // The name of a folder is no secret, and this hash tells nothing: it covers 256 random bits.
    const generation = pulumi.unsecret(rendered.apply((made) => made.name));
    const volumes = registryVolumes(name, instance, args, first);
    const parts = { name, args, named, image, files, generation, volumes };

    const prepared = preparedVolumes(parts, this);
    const tried = trial(parts, { parent: this, dependsOn: prepared });
    // What runs is left alone until all that is new has been tried.
    const dependsOn = behindDoor(tried, args.door);
    const container = registryContainer(parts, { parent: this, dependsOn });

    this.containerName = container.name;
    this.containerId = container.id;
    this.socketVolumeName = pulumi.output(volumes.socketName ?? "");
    this.prepared = prepared.apply(() => true);
    this.tried = tried.apply(() => true);
    this.dataLocation = volumes.dataLocation;
    this.registerOutputs({
      containerName: this.containerName,
      containerId: this.containerId,
      socketVolumeName: this.socketVolumeName,
      prepared: this.prepared,
      tried: this.tried,
      dataLocation: this.dataLocation,
    });
  }
}

// Component arguments are stored in the state, where overrides may hold the key of an object store; and every child
// waits for them: only the server shall wait for the network, and until a running one may go.
function secretArgs({ door, networkName, ...args }: RegistryServerArgs): pulumi.Inputs {
  const { configOverrides, direct } = args;
  return {
    ...args,
    ...(configOverrides && { configOverrides: pulumi.secret(configOverrides) }),
    ...(direct && { direct: pulumi.secret(direct) }),
  };
}
