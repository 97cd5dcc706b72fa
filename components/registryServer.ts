import * as docker from "@pulumi/docker";
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
import { contentHash } from "./files";
import { filesLoader } from "./filesLoader";
import { goRuntime } from "./goRuntime";
import {
  hardened,
  hardenedHelper,
  readiness,
  replaceToChange,
  resourceLimits,
  serviceUid,
} from "./hardening";
import { identity, type Labels } from "./identity";
import { oneShot } from "./oneShot";
import { dataPath, filesPath, socketPath } from "./paths";
import { randomSecret } from "./randomSecret";
import { refuse } from "./refuse";
import { debugAddress, directPort, registryFiles } from "./registryFiles";
import { registryVolumes } from "./registryVolumes";
import { needsNetwork, type RegistryOverrides, usesFilesystem } from "./render/registryConfig";
import { healthScript, prepareScript } from "./render/registryScripts";
import { zoneEnvironment } from "./timeZone";
import { registryServerProblems } from "./validation/components";

export interface RegistryServerArgs {
  /** Name in Docker names and labels. Defaults to the component's name. */
  readonly instance?: string;
  /** Image reference. Defaults to the CNCF distribution, `registry:3.1.2`. */
  readonly image?: pulumi.Input<string>;
  /** Where images are kept. Defaults to a named volume. */
  readonly storage?: StorageArgs;
  /** Whether the data volume stays when the stack is destroyed. Defaults to true. */
  readonly keepDataOnDestroy?: boolean;
  /** Options of the registry. */
  readonly options?: RegistryOptionsArgs;
  /** Sections merged into config.yml last, for what `options` lacks; kept secret in the state. */
  readonly configOverrides?: RegistryOverrides;
  /** Whether to wait until Docker calls it healthy, 5 s at least: a proxy asks sooner. Defaults to true. */
  readonly waitUntilHealthy?: boolean;
  /** For clients without a proxy: then it listens on a port of its own and checks logins. Defaults to none. */
  readonly direct?: DirectAccessArgs;
  /** Docker network, joined only for `direct` or if an override names something remote. Defaults to none. */
  readonly networkName?: pulumi.Input<string>;
  /** Time zone of the logs, such as "Asia/Shanghai". Defaults to UTC. */
  readonly timeZone?: string;
  /** Log rotation. Defaults to three files of 50 MB. */
  readonly logRotation?: LogRotationArgs;
  /** Limits of the container. Defaults to none. */
  readonly resources?: ResourceArgs;
  /** Labels of everything created. Defaults to ours alone. */
  readonly labels?: Labels;
}

/**
 * The CNCF registry with its volumes and config.yml. It listens on a unix socket in a volume and nowhere else,
 * and asks nobody for a password: only who mounts that volume can reach it. With `direct` it publishes a port.
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
    const files = registryFiles(args, secret);
    // The name of a volume is no secret, and this hash tells nothing: it covers 256 random bits.
    const hash = pulumi.unsecret(files.apply(contentHash));

    const volumes = registryVolumes(name, instance, hash, args, first);

    const loader = filesLoader(
      `${name}-files`,
      {
        ...named("registry-files"),
        image,
        volumeName: volumes.configName,
        mountPath: filesPath,
        folder: filesPath,
        files,
        logRotation: args.logRotation,
      },
      { parent: this },
    );
    const prepared = oneShot(
      `${name}-prepare`,
      {
        ...hardenedHelper(args.logRotation),
        ...named("registry-prepare"),
        image,
        script: prepareScript({
          dataPath,
          socketPath: volumes.socketName && socketPath,
          filesPath,
          uid: serviceUid,
          recursive: args.storage?.takeOwnership,
          writes: usesFilesystem(args.configOverrides),
        }),
        volumes: [...volumes.writable, volumes.config],
      },
      { parent: this, dependsOn: [loader] },
    );
    const container = new docker.Container(
      `${name}-container`,
      {
        ...serverSettings(args),
        ...named("registry"),
        image,
        volumes: [...volumes.writable, { ...volumes.config, readOnly: true }],
      },
      {
        parent: this,
        dependsOn: prepared,
        deleteBeforeReplace: true,
        replaceOnChanges: replaceToChange,
      },
    );

    this.containerName = container.name;
    this.containerId = container.id;
    this.socketVolumeName = pulumi.output(volumes.socketName ?? "");
    this.prepared = prepared.apply(() => true);
    this.dataLocation = volumes.dataLocation;
    this.registerOutputs({
      containerName: this.containerName,
      containerId: this.containerId,
      socketVolumeName: this.socketVolumeName,
      prepared: this.prepared,
      dataLocation: this.dataLocation,
    });
  }
}

/** What does not name another resource. */
function serverSettings(args: RegistryServerArgs) {
  const drainSeconds = args.options?.drainSeconds ?? 60;
  const health = healthScript({ debugAddress, dataPath, writes: usesFilesystem(args.configOverrides) });
  return {
    ...hardened(args.logRotation),
    ...resourceLimits(args.resources),
    ...reachability(args),
    command: ["serve", `${filesPath}/config.yml`],
    envs: [
      "OTEL_TRACES_EXPORTER=none",
      ...goRuntime(args.resources),
      ...zoneEnvironment(filesPath, args.timeZone),
    ],
    healthcheck: readiness(health),
    wait: args.waitUntilHealthy ?? true,
    waitTimeout: 120,
    restart: "always",
    stopTimeout: drainSeconds + 5,
    destroyGraceSeconds: drainSeconds + 5,
  };
}

/** Who can reach it by a network: nobody, unless there is no proxy. */
function reachability({ direct, configOverrides, networkName }: RegistryServerArgs) {
  const joined = networkName === undefined ? {} : { networksAdvanced: [{ name: networkName }] };
  if (direct !== undefined) {
    const port = { internal: directPort, external: direct.port ?? 443, ip: direct.bindAddress ?? "0.0.0.0" };
    return { ...joined, ports: [port] };
  }
  return needsNetwork(configOverrides) && networkName !== undefined ? joined : { networkMode: "none" };
}

// Component arguments are stored in the state: overrides may hold the key of an object store.
function secretArgs(args: RegistryServerArgs): pulumi.Inputs {
  const { configOverrides, direct } = args;
  return {
    ...args,
    ...(configOverrides && { configOverrides: pulumi.secret(configOverrides) }),
    ...(direct && { direct: pulumi.secret(direct) }),
  };
}
