import * as pulumi from "@pulumi/pulumi";
import { expiringLogins, expiryLines } from "../access/expiringLogins";
import { checked } from "../base/checked";
import { refuse } from "../base/refuse";
import { watchedDaysLeft } from "../certificates/certificateWarnings";
import { clientCertificatesFor } from "../certificates/clientCertificates";
import { servedCertificate } from "../certificates/servedCertificate";
import { checkSecrets } from "../checkSecrets";
import {
  type ConsumerOutputs,
  type ConsumerSettings,
  clientsFor,
  consumerOutputs,
  installScriptFor,
} from "../clients/consumerOutputs";
import type { ClientBundle } from "../clients/kinds/client";
import { identity } from "../docker/identity";
import { localImage } from "../docker/localImage";
import { addressWarnings } from "../fronts/addressWarnings";
import { secretArgs } from "../privateRegistryArgs";
import { privateRegistryProblems } from "../privateRegistryProblems";
import { Credentials } from "../users/credentials";
import { watchFilesOf } from "../watch/watchedRegistry";
import type { RegistryClusterArgs } from "./args";
import { clusterChecks } from "./clusterChecks";
import { clusterFiles } from "./clusterFiles";
import type { ClusterParts } from "./clusterParts";
import { clusterServices } from "./clusterServices";
import { asPrivateRegistry, type ResolvedRegistryCluster, resolvedRegistryCluster } from "./defaults";
import { clusterProblems } from "./problems";

// What the methods need. A field of the class, private or not, is an output in other languages, passwords and all.
const consumers = new WeakMap<RegistryCluster, ConsumerSettings>();

/**
 * A private registry on several nodes of a Docker Swarm, whose images are in an object store: two registries and a proxy
 * with its verifier of logins on each node. The provider is that of a manager.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class RegistryCluster extends pulumi.ComponentResource implements ConsumerOutputs {
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
  /** File, such as "alerts.yml", to what Prometheus and Grafana take of it, for `metrics`; else empty. */
  public readonly watchFiles: pulumi.Output<{ [file: string]: string }>;

  constructor(name: string, args: RegistryClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedRegistryCluster(args);
    const whole = asPrivateRegistry(args);
    refuse(name, [...clusterProblems(args), ...privateRegistryProblems(name, whole, settings)]);
    super("private-registry:index:RegistryCluster", name, { ...secretArgs(whole), ...ofCluster(args) }, opts);

    // Passwords and certificates may be outputs: nothing is created before they were looked at.
    const first = { parent: this, dependsOn: checkSecrets(name, settings, opts?.dependsOn) };
    for (const line of [...expiryLines(settings.users), ...addressWarnings(settings)])
      pulumi.log.warn(line, this);
    const credentials = new Credentials(`${name}-credentials`, { users: settings.users }, first);
    const certificate = checked("certificate", servedCertificate(name, settings, first));
    const clients = clientCertificatesFor(name, settings, first);
    const parts: ClusterParts = {
      name,
      settings,
      named: identity(name, settings.labels),
      files: clusterFiles(name, settings, { credentials, certificate, clients }, first),
      images: {
        registry: localImage(`${name}-registry-image`, settings.registryImage, first),
        proxy: localImage(`${name}-proxy-image`, settings.proxyImage, first),
      },
    };
    const proxy = clusterServices(parts, clusterChecks(parts, first), this);
    const consumerSettings = {
      ...consumerSettingsOf(settings, certificate.caPem, credentials),
      clientCertificates: clients?.certificates,
      // A consumer that reads these outputs finds the registry answering with them.
      ready: proxy.id,
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
    this.clients = consumer.clients;
    this.installScripts = consumer.installScripts;
    this.clientsByUser = consumer.clientsByUser;
    this.certificateExpiresAt = certificate.expiresAt;
    this.certificateDaysLeft = watchedDaysLeft(this, settings, certificate);
    this.expiringUsers = pulumi.output({ ...expiringLogins(settings.users) });
    this.watchFiles = watchFilesOf(settings, this.caCertificate);
    this.registerOutputs({
      ...consumer,
      certificateExpiresAt: this.certificateExpiresAt,
      certificateDaysLeft: this.certificateDaysLeft,
      expiringUsers: this.expiringUsers,
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

function consumerOf(cluster: RegistryCluster): ConsumerSettings {
  return checked("consumer", consumers.get(cluster));
}

function ofCluster({ nodes, blobCache }: RegistryClusterArgs) {
  return { nodes, ...(blobCache && { blobCache }) };
}

function consumerSettingsOf(
  settings: ResolvedRegistryCluster,
  caCertificate: pulumi.Output<string>,
  credentials: Credentials,
) {
  const { hostnames, port, clientUser, installScriptUsers, clientAddress } = settings;
  return {
    ...{ hostnames, port, clientUser, installScriptUsers, clientAddress },
    caCertificate,
    passwords: credentials.passwords,
  };
}
