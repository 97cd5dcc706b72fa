import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { watchedDaysLeft } from "./certificateWarnings";
import { checkSecrets } from "./checkSecrets";
import type { ClientBundle } from "./consumer/client";
import {
  type ConsumerOutputs,
  type ConsumerSettings,
  clientsFor,
  consumerOutputs,
  installScriptFor,
} from "./consumerOutputs";
import { Credentials } from "./credentials";
import { defaultProxyImage, defaultRegistryImage } from "./defaultImages";
import { identity } from "./identity";
import { type PrivateRegistryArgs, secretArgs } from "./privateRegistryArgs";
import { refuse } from "./refuse";
import { RegistryProxy } from "./registryProxy";
import { RegistryServer } from "./registryServer";
import { needsNetwork, usesFilesystem } from "./render/registryConfig";
import { servedCertificate } from "./servedCertificate";
import { privateRegistryProblems } from "./validation/components";

/**
 * A complete private registry on a Docker host: network, registry, TLS proxy, certificates and users; and
 * what its consumers need to trust it and log in.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class PrivateRegistry extends pulumi.ComponentResource implements ConsumerOutputs {
  /** Address in image references: the first host name, with the port unless it is 443. */
  public readonly endpoint: pulumi.Output<string>;
  /** PEM that clients must trust; empty if a public authority signed your own certificate. */
  public readonly caCertificate: pulumi.Output<string>;
  /** User to password; secret. */
  public readonly credentials: pulumi.Output<{ [user: string]: string }>;
  /** Files for a client, ours alone: absolute path to content. */
  public readonly clientFiles: pulumi.Output<{ [path: string]: string }>;
  /** What to merge into a client's daemon.json: an empty object, as TLS needs nothing there. */
  public readonly daemonJson: pulumi.Output<string>;
  /** A config.json with the credentials of the client user; secret. */
  public readonly dockerConfigJson: pulumi.Output<string>;
  /** Line for a client's /etc/hosts; empty without `clientAddress`. */
  public readonly hostsEntry: pulumi.Output<string>;
  /** POSIX sh script that makes a Linux Docker host a client, `--remove` undoes it; secret. */
  public readonly installScript: pulumi.Output<string>;
  /** Kind of client, such as "podman", to its files, fragments and commands, for the client user; secret. */
  public readonly clients: pulumi.Output<{ [kind: string]: ClientBundle }>;
  /** End of validity of the served certificate, RFC 3339. */
  public readonly certificateExpiresAt: pulumi.Output<string>;
  /** Whole days until then. */
  public readonly certificateDaysLeft: pulumi.Output<number>;
  /** Name of the volume with the images, or the host path. */
  public readonly dataLocation: pulumi.Output<string>;
  private readonly consumer: ConsumerSettings;

  constructor(name: string, args: PrivateRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, privateRegistryProblems(name, args));
    super("private-registry:index:PrivateRegistry", name, secretArgs(args), opts);

    const users = args.users ?? [{ name: "admin" }];
    // Passwords and certificates may be outputs: nothing is created before they were looked at.
    const first = {
      parent: this,
      dependsOn: checkSecrets(name, { ...args, users }, opts?.dependsOn),
    };
    const common = {
      instance: name,
      labels: args.labels,
      logRotation: args.logRotation,
      timeZone: args.timeZone,
    };

    const network = new docker.Network(`${name}-network`, identity(name, args.labels)("network"), {
      ...first,
      deleteBeforeReplace: true,
      ignoreChanges: ["labels"],
    });
    const credentials = new Credentials(`${name}-credentials`, { users }, first);
    const certificate = servedCertificate(name, args, first);
    const registryImage = localImage(
      `${name}-registry-image`,
      args.registryImage ?? defaultRegistryImage,
      first,
    );
    const server = new RegistryServer(
      `${name}-registry`,
      {
        ...common,
        image: registryImage,
        storage: args.storage,
        keepDataOnDestroy: args.keepDataOnDestroy,
        options: args.registry,
        configOverrides: args.registryConfigOverrides,
        // Creating a network takes two seconds: only who joins it waits for them.
        ...(needsNetwork(args.registryConfigOverrides) && { networkName: network.name }),
        resources: args.registryResources,
        waitUntilHealthy: false,
      },
      first,
    );
    const proxy = new RegistryProxy(
      `${name}-proxy`,
      {
        ...common,
        image: localImage(`${name}-proxy-image`, args.proxyImage ?? defaultProxyImage, first),
        certificateChainPem: certificate.chainPem,
        privateKeyPem: certificate.privateKeyPem,
        htpasswd: credentials.htpasswd,
        socketVolumeName: server.socketVolumeName,
        registryId: server.containerId,
        verifierImage: registryImage,
        ...(servesBlobs(args) && dataSource(args, server)),
        networkName: network.name,
        port: args.port,
        bindAddress: args.bindAddress,
        realm: args.realm,
        snippet: args.proxySnippet,
        limits: args.limits,
        resources: args.proxyResources,
      },
      // Registry and proxy start side by side, but not if the data cannot be used.
      { parent: this, dependsOn: server.prepared.apply(() => first.dependsOn) },
    );

    this.consumer = {
      hostnames: args.hostnames,
      port: args.port ?? 443,
      caCertificate: certificate.caPem,
      passwords: credentials.passwords,
      clientUser: args.clientUser ?? users[0]?.name ?? "",
      clientAddress: args.clientAddress,
      // A consumer that reads these outputs finds the registry answering with them.
      ready: proxy.generation,
    };
    const consumer = consumerOutputs(this.consumer);
    this.endpoint = consumer.endpoint;
    this.caCertificate = consumer.caCertificate;
    this.credentials = consumer.credentials;
    this.clientFiles = consumer.clientFiles;
    this.daemonJson = consumer.daemonJson;
    this.dockerConfigJson = consumer.dockerConfigJson;
    this.hostsEntry = consumer.hostsEntry;
    this.installScript = consumer.installScript;
    this.clients = consumer.clients;
    this.certificateExpiresAt = certificate.expiresAt;
    this.certificateDaysLeft = watchedDaysLeft(this, args, certificate);
    this.dataLocation = server.dataLocation;
    this.registerOutputs({
      ...consumer,
      certificateExpiresAt: this.certificateExpiresAt,
      certificateDaysLeft: this.certificateDaysLeft,
      dataLocation: this.dataLocation,
    });
  }

  /** The install script with the login of one user, so that a machine has a login of its own; secret. */
  public installScriptFor(user: string): pulumi.Output<string> {
    return installScriptFor(this.consumer, user);
  }

  /** What `clients` holds, with the login of another user; secret. */
  public clientsFor(user: string): pulumi.Output<{ [kind: string]: ClientBundle }> {
    return clientsFor(this.consumer, user);
  }
}

/** The image on the Docker host, pulled if it is not there; never removed, as others may use it. */
function localImage(
  name: string,
  reference: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new docker.RemoteImage(name, { name: reference, keepLocally: true }, opts).imageId;
}

/** A mirror's blobs, those of an object store, and answers with headers of your own are the registry's alone. */
function servesBlobs({
  proxyServesBlobs = true,
  registry,
  registryConfigOverrides,
}: PrivateRegistryArgs): boolean {
  return (
    proxyServesBlobs &&
    registry?.headers === undefined &&
    registryConfigOverrides?.http === undefined &&
    usesFilesystem(registryConfigOverrides) &&
    !needsNetwork(registryConfigOverrides)
  );
}

function dataSource({ storage }: PrivateRegistryArgs, server: RegistryServer) {
  return storage?.hostPath === undefined
    ? { dataVolumeName: server.dataLocation }
    : { dataHostPath: storage.hostPath };
}
