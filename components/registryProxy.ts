import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { LogRotationArgs, RequestLimitArgs, ResourceArgs, WafArgs } from "./args";
import { childOptions } from "./childOptions";
import { credentialVerifier } from "./credentialVerifier";
import { defaultProxyImage, defaultRealm, defaultRegistryImage, defaultWafImage } from "./defaults";
import { filesLoader } from "./filesLoader";
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
import { dataPath, filesPath, socketPath, verifierPath } from "./paths";
import { proxyGeneration } from "./proxyFiles";
import { refuse } from "./refuse";
import { makeVerdictKey } from "./render/authentication";
import { servedPath } from "./render/certificateScripts";
import { activationScript, stageScript } from "./render/proxyScripts";
import { wafSettings } from "./render/wafRules";
import { type RenewedCertificate, renewedCertificate } from "./renewedCertificate";
import { zoneEnvironment } from "./timeZone";
import { proxyProblems } from "./validation/components";

export interface RegistryProxyArgs {
  /** PEM of the certificate to serve, followed by its intermediates. Left out behind a front alone: plain HTTP. */
  readonly certificateChainPem?: pulumi.Input<string>;
  /** PEM of its private key. */
  readonly privateKeyPem?: pulumi.Input<string>;
  /**
   * PEM of authorities: only clients with a certificate of one of them may connect. Defaults to none: every client
   * may, without a certificate.
   */
  readonly clientCaCertificatesPem?: pulumi.Input<string>;
  /** Volume with a certificate instead, output of an AcmeCertificate; a new one in it is taken up by itself. */
  readonly certificateVolumeName?: pulumi.Input<string>;
  /** Text of the htpasswd file. */
  readonly htpasswd: pulumi.Input<string>;
  /** Volume in which the registry listens, output of a RegistryServer. */
  readonly socketVolumeName: pulumi.Input<string>;
  /** Id of the registry's container: the run waits until another one answers. Defaults to none. */
  readonly registryId?: pulumi.Input<string>;
  /** Volume of the registry's data, from which the proxy then serves blobs itself. Defaults to none. */
  readonly dataVolumeName?: pulumi.Input<string>;
  /** The same for data on a path of the Docker host. Defaults to none. */
  readonly dataHostPath?: string;
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
  /** Networks of a load balancer in front, from which alone requests are taken. Defaults to none: from anywhere. */
  readonly trustedAddresses?: readonly string[];
  /** Inspect requests; the image must have ModSecurity and the OWASP Core Rule Set. Defaults to not. */
  readonly waf?: WafArgs;
  /** nginx text put into the server block. Not checked but by nginx: it can undo every protection. */
  readonly snippet?: string;
  /** What one client may ask. Defaults to no limits but that of logins. */
  readonly limits?: RequestLimitArgs;
  /** Image reference. Defaults to `nginx:1.28`, or to OWASP's with `waf`. */
  readonly image?: pulumi.Input<string>;
  /** Image of the registry that checks logins. Defaults to `registry:3.1.2`. */
  readonly verifierImage?: pulumi.Input<string>;
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
const plainPort = 8080;
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
    const named = identity(instance, args.labels);
    const image = args.image ?? (args.waf ? defaultWafImage : defaultProxyImage);
    const first = childOptions(this, opts);
    const renewed = renewedCertificate(args.certificateVolumeName);
    const decoy = new random.RandomPassword(`${name}-decoy`, { length: 43, special: false }, first);
    const rendered = pulumi
      .all([
        args.certificateChainPem,
        args.privateKeyPem,
        args.clientCaCertificatesPem,
        args.htpasswd,
        decoy.bcryptHash,
      ])
      .apply(([certificateChain, privateKey, clientCaCertificates, htpasswd, decoyHash]) => {
        const known = { certificateChain, privateKey, clientCaCertificates, htpasswd, decoyHash };
        return proxyGeneration({ ...settings(args), ...known });
      });
    // The name of a folder is no secret: a hash over a private key and salted password hashes tells nothing.
    const generation = pulumi.unsecret(rendered.apply(({ name }) => name));

    const withoutLabels = { ...first, ignoreChanges: ["labels"] };
    const files = new docker.Volume(`${name}-volume`, named("proxy-files"), withoutLabels);
    const socket = new docker.Volume(`${name}-verifier-socket`, named("verifier-socket"), withoutLabels);
    const mounts = {
      files: { volumeName: files.name, containerPath: filesPath },
      verifier: { volumeName: socket.name, containerPath: verifierPath },
    };
    const loader = filesLoader(
      `${name}-files`,
      {
        ...named("proxy-files"),
        image,
        volumeName: files.name,
        mountPath: filesPath,
        folder: pulumi.interpolate`${filesPath}/${generation}`,
        files: rendered.apply(({ files }) => files),
        logRotation: args.logRotation,
      },
      { parent: this },
    );
    const staged = oneShot(
      `${name}-stage`,
      {
        ...hardenedHelper(args.logRotation),
        ...named("proxy-stage"),
        image,
        script: generation.apply((folder) =>
          stageScript({
            filesPath,
            verifierPath,
            generation: folder,
            uid: serviceUid,
            takeCertificate: renewed.take,
            linksRules: args.waf !== undefined,
          }),
        ),
        tmpfs: temporaryFolder,
        volumes: [mounts.files, mounts.verifier, ...renewed.mounts],
      },
      { parent: this, dependsOn: [loader] },
    );
    const verifier = credentialVerifier(
      `${name}-verifier`,
      {
        instance,
        image: args.verifierImage ?? defaultRegistryImage,
        volumes: [{ ...mounts.files, readOnly: true }, mounts.verifier],
        logRotation: args.logRotation,
        labels: args.labels,
      },
      { parent: this, dependsOn: staged },
    );
    const container = new docker.Container(
      `${name}-container`,
      {
        ...serverSettings(args, renewed),
        ...named("proxy"),
        image,
        volumes: [
          { ...mounts.files, readOnly: true },
          { volumeName: args.socketVolumeName, containerPath: socketPath },
          mounts.verifier,
          ...renewed.mounts,
          ...dataMounts(args),
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
        ...named("proxy-activate"),
        image,
        script: generation.apply((folder) => activationScript({ filesPath, generation: folder, healthPort })),
        // Not used: a registry or verifier made anew is waited for by another activation.
        envs: [
          pulumi.interpolate`VERIFIER=${verifier.id}`,
          pulumi.interpolate`REGISTRY=${args.registryId ?? ""}`,
        ],
        pidMode: inProxy,
        networkMode: inProxy,
        volumes: [mounts.files],
      },
      { parent: this, dependsOn: staged },
    );

    this.containerName = container.name;
    this.generation = pulumi.all([generation, activated]).apply(([folder]) => folder);
    this.registerOutputs({ containerName: this.containerName, generation: this.generation });
  }
}

function clientPort({ certificateChainPem, certificateVolumeName }: RegistryProxyArgs): number {
  return (certificateChainPem ?? certificateVolumeName) === undefined ? plainPort : tlsPort;
}

/** What the files are rendered from, but for what is known later. */
function settings(args: RegistryProxyArgs) {
  return {
    realm: args.realm ?? defaultRealm,
    port: clientPort(args),
    certificatePath: args.certificateVolumeName === undefined ? undefined : servedPath,
    healthPort,
    dataPath: dataMounts(args).length === 0 ? undefined : dataPath,
    waf: args.waf && wafSettings(args.waf),
    snippet: args.snippet,
    limits: args.limits,
    trustedAddresses: args.trustedAddresses,
    timeZone: args.timeZone,
  };
}

/** The registry's data, to serve blobs from. */
function dataMounts({ dataVolumeName, dataHostPath }: RegistryProxyArgs) {
  const mount = { containerPath: dataPath, readOnly: true };
  if (dataHostPath !== undefined) {
    return [{ ...mount, hostPath: dataHostPath }];
  }
  return dataVolumeName === undefined ? [] : [{ ...mount, volumeName: dataVolumeName }];
}

/** What does not name another resource of ours. */
function serverSettings(args: RegistryProxyArgs, renewed: RenewedCertificate) {
  const url = `http://127.0.0.1:${healthPort}/healthz`;
  return {
    ...hardened(args.logRotation),
    ...resourceLimits(args.resources),
    entrypoints: ["sh", "-c"],
    command: [`${renewed.take}${makeVerdictKey} && exec nginx -c ${filesPath}/current/nginx.conf`],
    envs: zoneEnvironment(`${filesPath}/current`, args.timeZone),
    tmpfs: temporaryFolder,
    networksAdvanced: [{ name: args.networkName }],
    ports: [{ internal: clientPort(args), external: args.port ?? 443, ip: args.bindAddress ?? "0.0.0.0" }],
    healthcheck: readiness(
      `${renewed.takeNewest}curl -fsS -o /dev/null ${url} || wget -q -O /dev/null ${url}`,
    ),
    restart: "always",
    stopSignal: "SIGQUIT",
    stopTimeout: drainSeconds,
    destroyGraceSeconds: drainSeconds,
  };
}

// Component arguments are stored in the state, and every child waits for them: only those who need it shall wait for
// the network, which takes two seconds, and for the registry.
function secretArgs({ networkName, registryId, ...args }: RegistryProxyArgs): pulumi.Inputs {
  return {
    ...args,
    ...(args.privateKeyPem !== undefined && { privateKeyPem: pulumi.secret(args.privateKeyPem) }),
    htpasswd: pulumi.secret(args.htpasswd),
  };
}
