import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../../base/childOptions";
import { refuse } from "../../base/refuse";
import { withSecrets } from "../../base/withSecrets";
import { hardened, hardenedHelper, readiness, serviceUid } from "../../docker/containerSettings";
import { identity } from "../../docker/identity";
import { oneShot } from "../../docker/oneShot";
import { acmePaths } from "../../docker/paths";
import { publishedPorts, publishingNetwork } from "../../docker/publishing";
import { server } from "../../docker/server";
import {
  acmePrepareScript,
  challengePort,
  issueScript,
  renewerHealthScript,
  renewerScript,
} from "./acmeScripts";
import type { AcmeCertificateArgs } from "./args";
import { type ResolvedAcmeCertificate, resolvedAcmeCertificate } from "./defaults";
import { filesGiven } from "./filesGiven";
import { acmeCertificateProblems } from "./problems";

/**
 * A certificate from an ACME server, in a volume, renewed by a container of its own without any `up`.
 *
 * Account and certificate outlive every change of the arguments.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class AcmeCertificate extends pulumi.ComponentResource {
  /** Name of the volume with the certificates, known once there is one. */
  public readonly certificateVolumeName: pulumi.Output<string>;

  constructor(name: string, args: AcmeCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedAcmeCertificate(name, args);
    refuse(name, acmeCertificateProblems(settings));
    super("private-registry:index:AcmeCertificate", name, secretArgs(args), opts);

    const { image, logRotation } = settings;
    const named = identity(settings.instance, settings.labels);
    const first = { ...childOptions(this, opts), ignoreChanges: ["labels"] };
    const account = new docker.Volume(`${name}-account`, named.volume("acme-account"), first);
    const certificates = new docker.Volume(`${name}-certificates`, named.volume("acme-certificates"), first);
    // Of its own: it publishes a port and asks the outside, and has nothing to say to the registry.
    const network = publishingNetwork(`${name}-network`, named.network("acme-network"), settings, first);
    const accountMount = { volumeName: account.name, containerPath: acmePaths.accountPath };
    const certificatesMount = { volumeName: certificates.name, containerPath: acmePaths.certificatesPath };

    const given = filesGiven(name, named, settings, accountMount, this);
    const prepared = oneShot(
      `${name}-prepare`,
      {
        ...hardenedHelper(logRotation),
        ...named.job("acme-prepare"),
        image,
        script: given.folder.apply((folder) => acmePrepareScript(serviceUid, folder)),
        volumes: [accountMount, certificatesMount],
      },
      { parent: this, dependsOn: given.loaders },
    );
    const renewer = server(
      `${name}-renewer`,
      {
        ...named.server("acme"),
        image,
        logRotation,
        entrypoints: ["sh", "-c"],
        command: [renewerScript()],
        envs: environment(settings),
        tmpfs: { "/tmp": "rw,noexec,nosuid,size=1m,mode=1777" },
        volumes: [accountMount, certificatesMount],
        networksAdvanced: [{ name: network.name }],
        ports: publishedPorts(challengePort, settings.challengePort, settings.bindAddress),
        healthcheck: readiness(renewerHealthScript()),
        stopSeconds: 10,
      },
      { parent: this, dependsOn: prepared },
    );
    const issued = oneShot(
      `${name}-issue`,
      {
        ...hardened(logRotation),
        ...named.job("acme-issue"),
        image,
        script: issueScript(),
        // GIVEN is not used: with other files an attempt that failed is made again.
        envs: given.folder.apply((folder) => [
          ...environment(settings),
          ...(folder === "" ? [] : [`GIVEN=${folder}`]),
        ]),
        networkMode: "none",
        volumes: [accountMount, { ...certificatesMount, readOnly: true }],
      },
      { parent: this, dependsOn: [renewer] },
    );

    this.certificateVolumeName = pulumi.all([certificates.name, issued]).apply(([volume]) => volume);
    this.registerOutputs({ certificateVolumeName: this.certificateVolumeName });
  }
}

/** What the scripts read. Nothing of it is secret: the account's key is made in its volume. */
function environment(settings: ResolvedAcmeCertificate): string[] {
  return [
    `ACME_EMAIL=${settings.email}`,
    `ACME_SERVER=${settings.directoryUrl}`,
    `ACME_NAMES=${settings.hostnames.join(" ")}`,
    `ACME_RENEWAL_DAYS=${settings.renewalDays}`,
    ...(settings.directoryCaPem === undefined ? [] : [`ACME_DIRECTORY_CA=${settings.directoryCaPem}`]),
  ];
}

function secretArgs({ outgoing, ...args }: AcmeCertificateArgs): pulumi.Inputs {
  return {
    ...withSecrets(args, "eabHmacKey"),
    ...(outgoing && { outgoing: withSecrets(outgoing, "proxy") }),
  };
}
