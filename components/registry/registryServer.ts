import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../base/childOptions";
import { randomSecret } from "../base/randomSecret";
import { refuse } from "../base/refuse";
import { withSecrets } from "../base/withSecrets";
import { identity } from "../docker/identity";
import { behindDoor } from "../fronts/frontDoor";
import type { RegistryServerArgs } from "./args";
import { warnOfCache } from "./cacheWarning";
import { resolvedRegistryServer } from "./defaults";
import { registryServerProblems } from "./problems";
import { preparedVolumes, registryContainer, trial } from "./registryContainers";
import { registryGeneration } from "./registryFiles";
import { registryVolumes } from "./registryVolumes";
import { secretStorage } from "./secretStorage";

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
  /** Name of the volume with the images, the host path, or the bucket as "s3://bucket/folder". */
  public readonly dataLocation: pulumi.Output<string>;

  constructor(name: string, args: RegistryServerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedRegistryServer(name, args);
    refuse(name, registryServerProblems(args, settings));
    super("private-registry:index:RegistryServer", name, secretArgs(args), opts);
    warnOfCache(this, settings);
    if (settings.storage.s3?.endpoint?.startsWith("http:"))
      warnOfPlainStore(this, settings.storage.s3.endpoint);

    const { image } = settings;
    const named = identity(settings.instance, settings.labels);
    const first = childOptions(this, opts);
    const { httpSecret } = settings.options;
    const secret = pulumi.secret(httpSecret ?? randomSecret(`${name}-secret`, first));
    const rendered = registryGeneration(settings, secret);
    const files = rendered.apply((made) => made.files);
    // The name of a folder is no secret, and this hash tells nothing: it covers 256 random bits.
    const generation = pulumi.unsecret(rendered.apply((made) => made.name));
    const volumes = registryVolumes(name, settings, first);
    const parts = { name, args: settings, named, image, files, generation, volumes };

    const prepared = preparedVolumes(parts, this);
    const tried = trial(parts, { parent: this, dependsOn: prepared });
    // What runs is left alone until all that is new has been tried.
    const dependsOn = behindDoor(tried, settings.door);
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

function warnOfPlainStore(registry: pulumi.Resource, endpoint: string): void {
  pulumi.log.warn(
    `storage.s3.endpoint ${endpoint} is plain HTTP: anybody on the way can read and change images; write https, or use it only where you trust the network`,
    registry,
  );
}

// Overrides may hold the key of an object store. Every child waits for what a component is given: only the server should
// wait for the network, and until a running one may go.
function secretArgs({ door, networkName, ...args }: RegistryServerArgs): pulumi.Inputs {
  const { options, outgoing, storage } = args;
  return {
    ...withSecrets(args, "configOverrides", "direct"),
    ...(options && { options: withSecrets(options, "httpSecret") }),
    ...(storage && { storage: secretStorage(storage) }),
    ...(outgoing && { outgoing: withSecrets(outgoing, "proxy") }),
  };
}
