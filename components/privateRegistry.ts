import * as pulumi from "@pulumi/pulumi";
import { expiringLogins, expiryLines } from "./access/expiringLogins";
import { refuse } from "./base/refuse";
import { watchedDaysLeft } from "./certificates/certificateWarnings";
import { clientCertificatesFor } from "./certificates/clientCertificates";
import { joinPem } from "./certificates/pemText";
import { type ServedCertificate, servedCertificate } from "./certificates/servedCertificate";
import { checkSecrets } from "./checkSecrets";
import {
  type ConsumerOutputs,
  type ConsumerSettings,
  clientsFor,
  consumerOutputs,
  imagesScriptOf,
  installScriptFor,
} from "./clients/consumerOutputs";
import type { ClientBundle } from "./clients/kinds/client";
import { addressWarnings } from "./fronts/addressWarnings";
import { snippetsFor } from "./fronts/frontSnippets";
import { frontKind } from "./fronts/fronts";
import { registryWithFront } from "./fronts/registryWithFront";
import { type PrivateRegistryArgs, secretArgs } from "./privateRegistryArgs";
import { type ResolvedPrivateRegistry, resolvedPrivateRegistry } from "./privateRegistryDefaults";
import { privateRegistryProblems } from "./privateRegistryProblems";
import { Credentials } from "./users/credentials";
import { watchFilesOf } from "./watch/watchedRegistry";

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
  /** Docker's files on a client, ours alone: absolute path to content; secret with client certificates. */
  public readonly clientFiles: pulumi.Output<{ [path: string]: string }>;
  /** What to merge into a client's daemon.json: `insecure-registries` if it is plain HTTP, else an empty object. */
  public readonly daemonJson: pulumi.Output<string>;
  /** A config.json with the credentials of the client user; secret. */
  public readonly dockerConfigJson: pulumi.Output<string>;
  /** Line for a client's /etc/hosts; empty without `clientAddress`. */
  public readonly hostsEntry: pulumi.Output<string>;
  /** POSIX sh script that sets up every container runtime of a Linux machine, `--remove` undoes it; secret. */
  public readonly installScript: pulumi.Output<string>;
  /** Kind of client, such as "podman", to its files, fragments and commands, for the client user; secret. */
  public readonly clients: pulumi.Output<{ [kind: string]: ClientBundle }>;
  /** POSIX sh script that lists, deletes and restores images, and gives space back; none without a keeper and a proxy. */
  public readonly imagesScript: pulumi.Output<string | undefined>;
  /** User to `installScript` with the login of that user, for `installScriptUsers`; secret. */
  public readonly installScripts: pulumi.Output<{ [user: string]: string }>;
  /** User to `clients` with the login of that user, for `installScriptUsers`; secret. */
  public readonly clientsByUser: pulumi.Output<{ [user: string]: { [kind: string]: ClientBundle } }>;
  /**
   * End of validity, RFC 3339, of the served certificate, or of what signed it if that is first. Empty with plain HTTP, and
   * with ACME, where it changes without an `up`.
   */
  public readonly certificateExpiresAt: pulumi.Output<string>;
  /** Whole days until then, as of the last `up`; none where there is no end. */
  public readonly certificateDaysLeft: pulumi.Output<number | undefined>;
  /** User to the last day of the login, where that is over or ends within 30 days; as of the last `up`. */
  public readonly expiringUsers: pulumi.Output<{ [user: string]: string }>;
  /** Name of the volume with the images, the host path, or the bucket as "s3://bucket/folder". */
  public readonly dataLocation: pulumi.Output<string>;
  /**
   * What brings a backup of the images back, for `npm run restore`: `repository` and `password` of restic, `folder`, keys of
   * the target, `sshPublicKey`; empty without backups; secret.
   */
  public readonly backup: pulumi.Output<{ [name: string]: string }>;
  /** Kind of load balancer, such as "haproxy", to its configuration, for the front `external`; else empty. */
  public readonly frontSnippets: pulumi.Output<{ [kind: string]: string }>;
  /** File, such as "alerts.yml", to what Prometheus and Grafana take of it, for `metrics`; else empty. */
  public readonly watchFiles: pulumi.Output<{ [file: string]: string }>;

  constructor(name: string, args: PrivateRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedPrivateRegistry(args);
    refuse(name, privateRegistryProblems(name, args, settings));
    super("private-registry:index:PrivateRegistry", name, secretArgs(args), opts);

    const { users } = settings;
    const front = frontKind(settings.front);
    // Passwords and certificates may be outputs: nothing is created before they were looked at.
    const first = { parent: this, dependsOn: checkSecrets(name, settings, opts?.dependsOn) };
    for (const line of [...expiryLines(users), ...addressWarnings(settings)]) pulumi.log.warn(line, this);
    if (!front.hasTls) warnOfPlainHttp(this, settings);
    const credentials = new Credentials(`${name}-credentials`, { users }, first);
    const certificate = servedCertificate(name, settings, first);
    const clients = clientCertificatesFor(name, settings, first);
    const served = registryWithFront(name, settings, { credentials, certificate, clients }, first);

    const consumerSettings = {
      hostnames: settings.hostnames,
      port: front.clientPort(settings),
      caCertificate: trustedByClients(settings, certificate),
      passwords: credentials.passwords,
      clientUser: settings.clientUser,
      installScriptUsers: settings.installScriptUsers,
      clientAddress: settings.clientAddress,
      clientCertificates: clients?.certificates,
      plainHttp: !front.hasTls,
      // A consumer that reads these outputs finds the registry answering with them.
      ready: served.ready,
    };
    consumers.set(this, consumerSettings);
    const consumer = consumerOutputs(consumerSettings);
    this.endpoint = consumer.endpoint;
    this.caCertificate = consumer.caCertificate;
    this.credentials = consumer.credentials;
    this.clientFiles = consumer.clientFiles;
    this.daemonJson = consumer.daemonJson;
    this.dockerConfigJson = consumer.dockerConfigJson;
    this.hostsEntry = consumer.hostsEntry;
    this.installScript = consumer.installScript;
    this.imagesScript =
      front.proxy && settings.keeper.enabled ? imagesScriptOf(consumerSettings) : pulumi.output(undefined);
    this.clients = consumer.clients;
    this.installScripts = consumer.installScripts;
    this.clientsByUser = consumer.clientsByUser;
    this.certificateExpiresAt = certificate?.expiresAt ?? pulumi.output("");
    this.certificateDaysLeft =
      certificate === undefined ? pulumi.output(undefined) : watchedDaysLeft(this, settings, certificate);
    this.expiringUsers = pulumi.output({ ...expiringLogins(users) });
    this.dataLocation = served.dataLocation;
    this.backup = served.backup;
    this.frontSnippets = snippetsFor(name, settings, certificate);
    this.watchFiles = watchFilesOf(settings, this.caCertificate);
    this.registerOutputs({
      ...consumer,
      imagesScript: this.imagesScript,
      certificateExpiresAt: this.certificateExpiresAt,
      certificateDaysLeft: this.certificateDaysLeft,
      expiringUsers: this.expiringUsers,
      dataLocation: this.dataLocation,
      backup: this.backup,
      frontSnippets: this.frontSnippets,
      watchFiles: this.watchFiles,
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

/** PEM that clients must trust; empty if they trust it already. */
function trustedByClients(
  settings: ResolvedPrivateRegistry,
  certificate: ServedCertificate | undefined,
): pulumi.Output<string> {
  const served = certificate?.caPem ?? pulumi.output("");
  return pulumi.all(frontKind(settings.front).trustedPems(settings, served)).apply(joinPem);
}

function warnOfPlainHttp(registry: pulumi.Resource, { front }: ResolvedPrivateRegistry): void {
  pulumi.log.warn(
    `front "${front}" is plain HTTP: anybody on the way can read passwords and images; use it only where you trust the network`,
    registry,
  );
}
