import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { childOptions } from "../base/childOptions";
import { randomSecret } from "../base/randomSecret";
import { refuse } from "../base/refuse";
import { withSecrets } from "../base/withSecrets";
import { identity } from "../docker/identity";
import { blobCachePath, controlPath, dataPath } from "../docker/paths";
import type { Generation } from "../docker/uploads";
import { behindDoor } from "../fronts/frontDoor";
import type { RegistryProxyArgs } from "./args";
import { servedPath } from "./certificateScripts";
import { ipv6Port } from "./clientPorts";
import { credentialVerifier } from "./credentialVerifier";
import { type ResolvedProxy, resolvedProxy } from "./defaults";
import { registryProxyProblems } from "./problems";
import {
  activation,
  containerPort,
  dataMounts,
  healthPort,
  proxyContainer,
  proxyMounts,
  stagedFiles,
} from "./proxyContainers";
import { hasRules, proxyGeneration } from "./proxyFiles";

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
    const settings = resolvedProxy(name, args);
    refuse(name, registryProxyProblems(args, settings));
    super("private-registry:index:RegistryProxy", name, secretArgs(args), opts);

    const { instance, image } = settings;
    const named = identity(instance, settings.labels);
    const first = childOptions(this, opts);
    const decoy = new random.RandomPassword(`${name}-decoy`, { length: 43, special: false }, first);
    const tokenKey = hasRules(settings) ? randomSecret(`${name}-token-key`, first) : undefined;
    const rendered = renderedFiles(settings, decoy.bcryptHash, tokenKey);
    const files = rendered.apply((made) => made.files);
    // The name of a folder is no secret: a hash over a private key and salted password hashes tells nothing.
    const generation = pulumi.unsecret(rendered.apply((made) => made.name));
    const mounts = proxyMounts(name, { args: settings, named }, first);
    const parts = { name, args: settings, named, image, files, generation, mounts };

    const staged = stagedFiles(parts, this);
    // What runs is left alone until all that is new has been tried.
    const afterStage = { parent: this, dependsOn: behindDoor(staged, settings.door) };
    const verifier = credentialVerifier(
      `${name}-verifier`,
      {
        instance,
        image,
        volumes: [{ ...mounts.files, readOnly: true }, mounts.verifier],
        openFiles: settings.resources.openFiles,
        logRotation: settings.logRotation,
        labels: settings.labels,
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

function renderedFiles(
  args: ResolvedProxy,
  decoyHash: pulumi.Output<string>,
  tokenKey: pulumi.Output<string> | undefined,
): pulumi.Output<Generation> {
  const { certificateChainPem, privateKeyPem, clientCaCertificatesPem, htpasswd } = args;
  return pulumi
    .all([certificateChainPem, privateKeyPem, clientCaCertificatesPem, htpasswd, decoyHash, tokenKey])
    .apply(([certificateChain, privateKey, clientCaCertificates, htpasswdText, decoy, key]) => {
      const known = {
        certificateChain,
        privateKey,
        clientCaCertificates,
        htpasswd: htpasswdText,
        decoyHash: decoy,
        tokenKey: key,
      };
      return proxyGeneration({ ...rendered(args), ...known });
    });
}

/** What the files are rendered from, but for what is known later. */
function rendered(args: ResolvedProxy) {
  return {
    ...args,
    port: containerPort(args),
    ipv6Port: ipv6Port(containerPort(args), args.bindAddress),
    certificatePath: args.certificateVolumeName === undefined ? undefined : servedPath,
    healthPort,
    dataPath: dataMounts(args).length === 0 ? undefined : dataPath,
    blobCache: args.blobCache && { folder: blobCachePath, ...args.blobCache },
    controlPath: args.controlVolumeName === undefined ? undefined : controlPath,
  };
}

// Every child waits for what a component is given: only those that need it should wait for the network, which takes two
// seconds, for the registry, and until a running proxy may go.
function secretArgs({ networkName, registryId, door, ...args }: RegistryProxyArgs): pulumi.Inputs {
  return withSecrets(args, "privateKeyPem", "htpasswd");
}
