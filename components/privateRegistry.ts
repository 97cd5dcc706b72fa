import * as pulumi from "@pulumi/pulumi";
import type { UserArgs } from "./args";
import { watchedDaysLeft } from "./certificateWarnings";
import { checkSecrets } from "./checkSecrets";
import { ClientCertificates } from "./clientCertificates";
import type { ClientBundle } from "./consumer/client";
import {
  type ConsumerOutputs,
  type ConsumerSettings,
  clientsFor,
  consumerOutputs,
  installScriptFor,
} from "./consumerOutputs";
import { Credentials } from "./credentials";
import { clientAuthority, snippetsFor } from "./externalFront";
import { clientPort, hasTls, servesCertificate } from "./fronts";
import { type PrivateRegistryArgs, secretArgs } from "./privateRegistryArgs";
import { refuse } from "./refuse";
import { registryWithFront } from "./registryWithFront";
import { servedCertificate } from "./servedCertificate";
import { privateRegistryProblems } from "./validation/components";

// What the methods need. A field of the class, private or not, is an output in other languages, passwords and all.
const consumers = new WeakMap<PrivateRegistry, ConsumerSettings>();

/**
 * A complete private registry on a Docker host: network, registry, TLS proxy, certificates and users; and
 * what its consumers need to trust it and log in.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class PrivateRegistry extends pulumi.ComponentResource implements ConsumerOutputs {
  /** Address in image references: the first host name, with the port unless it is 443. */
  public readonly endpoint: pulumi.Output<string>;
  /** PEM that clients must trust; empty if a public authority signed the certificate. */
  public readonly caCertificate: pulumi.Output<string>;
  /** User to password; secret. */
  public readonly credentials: pulumi.Output<{ [user: string]: string }>;
  /** Files for a client, ours alone: absolute path to content; secret with client certificates. */
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
  /** User to `installScript` with the login of that user, for `installScriptUsers`; secret. */
  public readonly installScripts: pulumi.Output<{ [user: string]: string }>;
  /** User to `clients` with the login of that user, for `installScriptUsers`; secret. */
  public readonly clientsByUser: pulumi.Output<{ [user: string]: { [kind: string]: ClientBundle } }>;
  /**
   * End of validity, RFC 3339, of the served certificate, or of what signed it if that is first; empty without one, and
   * for ACME, where it changes without an `up`.
   */
  public readonly certificateExpiresAt: pulumi.Output<string>;
  /** Whole days until then, at the last `up`; none where there is no end. */
  public readonly certificateDaysLeft: pulumi.Output<number | undefined>;
  /** Name of the volume with the images, or the host path. */
  public readonly dataLocation: pulumi.Output<string>;
  /** Kind of load balancer, such as "haproxy", to its configuration, for the front `external`; else empty. */
  public readonly frontSnippets: pulumi.Output<{ [kind: string]: string }>;

  constructor(name: string, args: PrivateRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, privateRegistryProblems(name, args));
    super("private-registry:index:PrivateRegistry", name, secretArgs(args), opts);

    const users = args.users ?? [{ name: "admin" }];
    // Passwords and certificates may be outputs: nothing is created before they were looked at.
    const first = {
      parent: this,
      dependsOn: checkSecrets(name, { ...args, users }, opts?.dependsOn),
    };
    warnOfPlainHttp(this, args);
    const credentials = new Credentials(`${name}-credentials`, { users }, first);
    const certificate = servesCertificate(args) ? servedCertificate(name, args, first) : undefined;
    const clients = args.requireClientCertificates ? clientCertificates(name, args, users, first) : undefined;
    const served = registryWithFront(name, args, { credentials, certificate, clients }, first);

    const settings = {
      hostnames: args.hostnames,
      port: clientPort(args),
      caCertificate: clientAuthority(args, certificate),
      passwords: credentials.passwords,
      clientUser: args.clientUser ?? users[0]?.name ?? "",
      installScriptUsers: args.installScriptUsers ?? [],
      clientAddress: args.clientAddress,
      clientCertificates: clients?.certificates,
      plainHttp: !hasTls(args.front),
      // A consumer that reads these outputs finds the registry answering with them.
      ready: served.ready,
    };
    consumers.set(this, settings);
    const consumer = consumerOutputs(settings);
    this.endpoint = consumer.endpoint;
    this.caCertificate = consumer.caCertificate;
    this.credentials = consumer.credentials;
    this.clientFiles = consumer.clientFiles;
    this.daemonJson = consumer.daemonJson;
    this.dockerConfigJson = consumer.dockerConfigJson;
    this.hostsEntry = consumer.hostsEntry;
    this.installScript = consumer.installScript;
    this.clients = consumer.clients;
    this.installScripts = consumer.installScripts;
    this.clientsByUser = consumer.clientsByUser;
    this.certificateExpiresAt = certificate?.expiresAt ?? pulumi.output("");
    this.certificateDaysLeft =
      certificate === undefined ? pulumi.output(undefined) : watchedDaysLeft(this, args, certificate);
    this.dataLocation = served.dataLocation;
    this.frontSnippets = snippetsFor(args, certificate);
    this.registerOutputs({
      ...consumer,
      certificateExpiresAt: this.certificateExpiresAt,
      certificateDaysLeft: this.certificateDaysLeft,
      dataLocation: this.dataLocation,
      frontSnippets: this.frontSnippets,
    });
  }

  /**
   * The install script with the login of one user, so that a machine has a login of its own; secret.
   *
   * @throws RunError, in the output, for a name that is not one of `users`.
   */
  public installScriptFor(user: string): pulumi.Output<string> {
    return installScriptFor(consumerOf(this), user);
  }

  /**
   * What `clients` holds, with the login of another user; secret.
   *
   * @throws RunError, in the output, for a name that is not one of `users`.
   */
  public clientsFor(user: string): pulumi.Output<{ [kind: string]: ClientBundle }> {
    return clientsFor(consumerOf(this), user);
  }
}

function consumerOf(registry: PrivateRegistry): ConsumerSettings {
  const settings = consumers.get(registry);
  if (settings === undefined) throw new Error("the constructor of PrivateRegistry has not ended yet");
  return settings;
}

function warnOfPlainHttp(registry: pulumi.Resource, { front }: PrivateRegistryArgs): void {
  if (!hasTls(front)) {
    pulumi.log.warn(
      `front "${front}" is plain HTTP: passwords and images can be read on the way; use it where you trust the network`,
      registry,
    );
  }
}

function clientCertificates(
  name: string,
  args: PrivateRegistryArgs,
  users: readonly UserArgs[],
  opts: pulumi.ComponentResourceOptions,
): ClientCertificates {
  const certificates = {
    users: users.map((user) => user.name),
    commonName: `${args.hostnames[0]} client authority`,
    certificate: args.certificate,
    generation: args.caGeneration,
    retiredGeneration: args.caRetiredGeneration,
  };
  return new ClientCertificates(`${name}-clients`, certificates, opts);
}
