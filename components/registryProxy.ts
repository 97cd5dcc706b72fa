import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { LogRotationArgs, RequestLimitArgs, ResourceArgs, WafArgs } from "./args";
import { childOptions } from "./childOptions";
import { credentialVerifier } from "./credentialVerifier";
import { defaultRealm, defaultRegistryImage, proxyImageFor } from "./defaults";
import type { Generation } from "./files";
import { behindDoor } from "./frontDoor";
import { identity, type Labels } from "./identity";
import { dataPath } from "./paths";
import {
  activation,
  containerPort,
  dataMounts,
  healthPort,
  proxyContainer,
  proxyMounts,
  stagedFiles,
} from "./proxyContainers";
import { proxyGeneration } from "./proxyFiles";
import { refuse } from "./refuse";
import { servedPath } from "./render/certificateScripts";
import { wafSettings } from "./render/wafRules";
import { proxyProblems } from "./validation/components";

export interface RegistryProxyArgs {
  /**
   * PEM of the certificate to serve, followed by its intermediates. Left out behind a front alone: plain
   * HTTP.
   * @default none
   */
  readonly certificateChainPem?: pulumi.Input<string>;
  /** PEM of its private key. @default none */
  readonly privateKeyPem?: pulumi.Input<string>;
  /**
   * PEM of authorities: only clients with a certificate of one of them may connect. Left out: every client
   * may, without a certificate.
   * @default none
   */
  readonly clientCaCertificatesPem?: pulumi.Input<string>;
  /**
   * Volume with a certificate instead, output of an AcmeCertificate; a new one in it is taken up by itself.
   * @default none
   */
  readonly certificateVolumeName?: pulumi.Input<string>;
  /** Text of the htpasswd file. */
  readonly htpasswd: pulumi.Input<string>;
  /** Volume in which the registry listens, output of a RegistryServer. */
  readonly socketVolumeName: pulumi.Input<string>;
  /** Id of the registry's container: the run waits until another one answers. @default none */
  readonly registryId?: pulumi.Input<string>;
  /** Volume of the registry's data, from which the proxy then serves blobs itself. @default none */
  readonly dataVolumeName?: pulumi.Input<string>;
  /** The same for data on a path of the Docker host. @default none */
  readonly dataHostPath?: string;
  /** Docker network of the published port. */
  readonly networkName: pulumi.Input<string>;
  /** Known once a running proxy may be replaced. @default <at once> */
  readonly door?: pulumi.Input<string>;
  /** Name in Docker names and labels. @default <the component's name> */
  readonly instance?: string;
  /** Published port. @default 443 */
  readonly port?: number;
  /** Address of the Docker host to publish on. `0.0.0.0` is all its IPv4 addresses. @default "0.0.0.0" */
  readonly bindAddress?: string;
  /** Text of the login prompt. @default "Private Registry" */
  readonly realm?: string;
  /**
   * Networks of a load balancer in front, from which alone requests are taken. Left out: from anywhere.
   * @default none
   */
  readonly trustedAddresses?: string[];
  /**
   * Settings of the web application firewall, which is there if they are: an empty map will do. The image must have
   * ModSecurity and the OWASP Core Rule Set.
   * @default none
   */
  readonly waf?: WafArgs;
  /**
   * nginx text put into the server block. Not checked but by nginx: it can undo every protection.
   * @default none
   */
  readonly snippet?: string;
  /** What one client may ask. @default {} */
  readonly limits?: RequestLimitArgs;
  /** Image reference. @default <"nginx:1.28"; OWASP's with waf> */
  readonly image?: pulumi.Input<string>;
  /** Image of the registry that checks logins. @default "registry:3.1.2" */
  readonly verifierImage?: pulumi.Input<string>;
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
 * nginx: the only published port, TLS and login. New certificates, users and settings reach the running
 * container without replacing it.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class RegistryProxy extends pulumi.ComponentResource {
  /** Name of the container. */
  public readonly containerName: pulumi.Output<string>;
  /** The files that serve, as sixteen hexadecimal digits; known once nginx has answered with them. */
  public readonly generation: pulumi.Output<string>;
  /** True once nginx has accepted the files, in a container apart. */
  public readonly staged: pulumi.Output<boolean>;

  constructor(name: string, args: RegistryProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, proxyProblems(name, args));
    super("private-registry:index:RegistryProxy", name, secretArgs(args), opts);

    const instance = args.instance ?? name;
    const named = identity(instance, args.labels);
    const image = args.image ?? proxyImageFor(args.waf);
    const first = childOptions(this, opts);
    const decoy = new random.RandomPassword(`${name}-decoy`, { length: 43, special: false }, first);
    const rendered = renderedFiles(args, decoy.bcryptHash);
    const files = rendered.apply((made) => made.files);
    // The name of a folder is no secret: a hash over a private key and salted password hashes tells nothing.
    const generation = pulumi.unsecret(rendered.apply((made) => made.name));
    const mounts = proxyMounts(name, named, first);
    const parts = { name, args, named, image, files, generation, mounts };

    const staged = stagedFiles(parts, this);
    // What runs is left alone until all that is new has been tried.
    const afterStage = { parent: this, dependsOn: behindDoor(staged, args.door) };
    const verifier = credentialVerifier(
      `${name}-verifier`,
      {
        instance,
        image: args.verifierImage ?? defaultRegistryImage,
        volumes: [{ ...mounts.files, readOnly: true }, mounts.verifier],
        openFiles: args.resources?.openFiles,
        logRotation: args.logRotation,
        labels: args.labels,
      },
      afterStage,
    );
    const container = proxyContainer(parts, afterStage);
    const activated = activation(parts, container, verifier, afterStage);

    this.containerName = container.name;
    this.generation = pulumi.all([generation, activated]).apply(([folder]) => folder);
    this.staged = staged.apply(() => true);
    this.registerOutputs({
      containerName: this.containerName,
      generation: this.generation,
      staged: this.staged,
    });
  }
}

function renderedFiles(args: RegistryProxyArgs, decoyHash: pulumi.Output<string>): pulumi.Output<Generation> {
  const { certificateChainPem, privateKeyPem, clientCaCertificatesPem, htpasswd } = args;
  return pulumi
    .all([certificateChainPem, privateKeyPem, clientCaCertificatesPem, htpasswd, decoyHash])
    .apply(([certificateChain, privateKey, clientCaCertificates, users, decoy]) => {
      const known = { certificateChain, privateKey, clientCaCertificates, htpasswd: users, decoyHash: decoy };
      return proxyGeneration({ ...settings(args), ...known });
    });
}

/** What the files are rendered from, but for what is known later. */
function settings(args: RegistryProxyArgs) {
  return {
    realm: args.realm ?? defaultRealm,
    port: containerPort(args),
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

// Component arguments are stored in the state, and every child waits for them: only those who need it shall wait for
// the network, which takes two seconds, for the registry, and until a running proxy may go.
function secretArgs({ networkName, registryId, door, ...args }: RegistryProxyArgs): pulumi.Inputs {
  return {
    ...args,
    ...(args.privateKeyPem !== undefined && { privateKeyPem: pulumi.secret(args.privateKeyPem) }),
    htpasswd: pulumi.secret(args.htpasswd),
  };
}
