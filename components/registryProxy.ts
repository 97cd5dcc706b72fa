import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { LogRotationArgs, ResourceArgs } from "./args";
import { childOptions } from "./childOptions";
import { defaultProxyImage } from "./defaultImages";
import { contentHash, encoded, type Files } from "./files";
import { filesLoader } from "./filesLoader";
import {
  hardened,
  hardenedHelper,
  readiness,
  replaceToChange,
  resourceLimits,
  serviceUid,
} from "./hardening";
import { dockerLabels, dockerName, type Labels } from "./identity";
import { oneShot } from "./oneShot";
import { filesPath, registrySocket, socketPath } from "./paths";
import { refuse } from "./refuse";
import { nginxConfig } from "./render/nginxConfig";
import { activationScript, stageScript } from "./render/proxyScripts";
import { zoneEnvironment, zoneFile } from "./timeZone";
import { proxyProblems } from "./validation/components";

export interface RegistryProxyArgs {
  /** PEM of the certificate to serve, followed by its intermediates. */
  readonly certificateChainPem: pulumi.Input<string>;
  /** PEM of its private key. */
  readonly privateKeyPem: pulumi.Input<string>;
  /** Text of the htpasswd file. */
  readonly htpasswd: pulumi.Input<string>;
  /** Volume in which the registry listens, output of a RegistryServer. */
  readonly socketVolumeName: pulumi.Input<string>;
  /** Docker network of the published port. */
  readonly networkName: pulumi.Input<string>;
  /** Name in Docker names and labels. Defaults to the component's name. */
  readonly instance?: string;
  /** Published port. Defaults to 443. */
  readonly port?: number;
  /** Address of the Docker host to publish on. Defaults to `0.0.0.0`: all IPv4 addresses. */
  readonly bindAddress?: string;
  /** Text of the login prompt. Defaults to "Private Registry". */
  readonly realm?: string;
  /** nginx text put into the server block. Not checked but by nginx: it can undo every protection. */
  readonly snippet?: string;
  /** Image reference. Defaults to `nginx:1.28`. */
  readonly image?: pulumi.Input<string>;
  /** Time zone of the logs, such as "Asia/Shanghai". Defaults to UTC. */
  readonly timeZone?: string;
  /** Log rotation. Defaults to three files of 50 MB. */
  readonly logRotation?: LogRotationArgs;
  /** Limits of the container. Defaults to none. */
  readonly resources?: ResourceArgs;
  /** Labels of everything created. Defaults to ours alone. */
  readonly labels?: Labels;
}

const tlsPort = 8443;
const healthPort = 8081;
const drainSeconds = 60;
const temporaryFolder = { "/tmp": "rw,noexec,nosuid,size=64m,mode=1777" };

/**
 * nginx: the only published port, TLS and login. New certificates, users and settings reach the running
 * container without replacing it.
 */
export class RegistryProxy extends pulumi.ComponentResource {
  /** Name of the container. */
  public readonly containerName: pulumi.Output<string>;
  /** The files that serve, as sixteen hexadecimal digits; known once nginx has answered with them. */
  public readonly generation: pulumi.Output<string>;

  constructor(name: string, args: RegistryProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, proxyProblems(name, args));
    super("private-registry:index:RegistryProxy", name, secretArgs(args), opts);

    const instance = args.instance ?? name;
    const labels = (role: string) => dockerLabels(instance, role, args.labels);
    const image = args.image ?? defaultProxyImage;
    const files = pulumi
      .all([args.certificateChainPem, args.privateKeyPem, args.htpasswd])
      .apply(([certificate, key, htpasswd]) => proxyFiles(args, certificate, key, htpasswd));
    // Names of folders are no secret: a hash over a private key and salted password hashes tells nothing.
    const generation = pulumi.unsecret(files.apply(contentHash));
    const configGeneration = pulumi.unsecret(files.apply((all) => contentHash(readAtReload(all))));

    const volume = new docker.Volume(
      `${name}-volume`,
      { name: dockerName(instance, "proxy-files"), labels: labels("proxy-files") },
      { ...childOptions(this, opts), ignoreChanges: ["labels"] },
    );
    const filesVolume = { volumeName: volume.name, containerPath: filesPath };
    const loader = filesLoader(
      `${name}-files`,
      {
        name: dockerName(instance, "proxy-files"),
        image,
        volumeName: volume.name,
        mountPath: filesPath,
        folder: pulumi.interpolate`${filesPath}/${generation}`,
        files: pulumi
          .all([files, configGeneration])
          .apply(([all, served]) => withServedGeneration(args, all, served)),
        labels: labels("proxy-files"),
        logRotation: args.logRotation,
      },
      { parent: this },
    );
    const staged = oneShot(
      `${name}-stage`,
      {
        ...hardenedHelper(args.logRotation),
        name: dockerName(instance, "proxy-stage"),
        image,
        entrypoints: ["sh", "-c"],
        command: [
          generation.apply((folder) => stageScript({ filesPath, generation: folder, uid: serviceUid })),
        ],
        labels: labels("proxy-stage"),
        tmpfs: temporaryFolder,
        volumes: [filesVolume],
      },
      { parent: this, dependsOn: [loader] },
    );
    const container = new docker.Container(
      `${name}-container`,
      {
        ...serverSettings(args),
        name: dockerName(instance, "proxy"),
        image,
        labels: labels("proxy"),
        volumes: [
          { ...filesVolume, readOnly: true },
          { volumeName: args.socketVolumeName, containerPath: socketPath },
        ],
      },
      {
        parent: this,
        dependsOn: staged,
        deleteBeforeReplace: true,
        replaceOnChanges: [...replaceToChange, "tmpfs"],
      },
    );
    const inProxy = pulumi.interpolate`container:${container.id}`;
    const activated = oneShot(
      `${name}-activate`,
      {
        ...hardened(args.logRotation),
        name: dockerName(instance, "proxy-activate"),
        image,
        entrypoints: ["sh", "-c"],
        command: [
          pulumi
            .all([generation, configGeneration])
            .apply(([folder, served]) =>
              activationScript({ filesPath, generation: folder, served, healthPort }),
            ),
        ],
        pidMode: inProxy,
        networkMode: inProxy,
        labels: labels("proxy-activate"),
        volumes: [filesVolume],
      },
      { parent: this, dependsOn: staged },
    );

    this.containerName = container.name;
    this.generation = pulumi.all([generation, activated]).apply(([folder]) => folder);
    this.registerOutputs({ containerName: this.containerName, generation: this.generation });
  }
}

const usersFile = "htpasswd";

/** The files of one generation; nginx.conf still lacks the answer by which an activation knows it. */
function proxyFiles(args: RegistryProxyArgs, certificate: string, key: string, htpasswd: string): Files {
  return {
    "nginx.conf": encoded(nginxText(args, "")),
    "server.crt": encoded(certificate),
    "server.key": encoded(key),
    [usersFile]: encoded(htpasswd),
    ...zoneFile(args.timeZone),
  };
}

function withServedGeneration(args: RegistryProxyArgs, files: Files, served: string): Files {
  return { ...files, "nginx.conf": encoded(nginxText(args, served)) };
}

/** nginx opens the users' file at every request, all others when it starts or reloads. */
function readAtReload(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== usersFile));
}

function nginxText(args: RegistryProxyArgs, generation: string): string {
  return nginxConfig({
    realm: args.realm ?? "Private Registry",
    registrySocket,
    tlsPort,
    healthPort,
    generation,
    snippet: args.snippet,
  });
}

/** What does not name another resource of ours. */
function serverSettings(args: RegistryProxyArgs) {
  const url = `http://127.0.0.1:${healthPort}/healthz`;
  return {
    ...hardened(args.logRotation),
    ...resourceLimits(args.resources),
    entrypoints: ["nginx"],
    command: ["-c", `${filesPath}/current/nginx.conf`],
    envs: zoneEnvironment(`${filesPath}/current`, args.timeZone),
    tmpfs: temporaryFolder,
    networksAdvanced: [{ name: args.networkName }],
    ports: [{ internal: tlsPort, external: args.port ?? 443, ip: args.bindAddress ?? "0.0.0.0" }],
    healthcheck: readiness(`curl -fsS -o /dev/null ${url} || wget -q -O /dev/null ${url}`),
    wait: true,
    waitTimeout: 120,
    restart: "always",
    stopSignal: "SIGQUIT",
    stopTimeout: drainSeconds,
    destroyGraceSeconds: drainSeconds,
  };
}

// Component arguments are stored in the state.
function secretArgs(args: RegistryProxyArgs): pulumi.Inputs {
  return {
    ...args,
    privateKeyPem: pulumi.secret(args.privateKeyPem),
    htpasswd: pulumi.secret(args.htpasswd),
  };
}
