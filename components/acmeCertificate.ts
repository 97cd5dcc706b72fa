import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AcmeServerArgs, LogRotationArgs } from "./args";
import { childOptions } from "./childOptions";
import { defaultAcmeImage } from "./defaults";
import { hardened, hardenedHelper, readiness, replaceToChange, serviceUid } from "./hardening";
import { identity, type Labels } from "./identity";
import { oneShot } from "./oneShot";
import { acmePaths } from "./paths";
import { refuse } from "./refuse";
import {
  acmePrepareScript,
  challengePort,
  issueScript,
  renewerHealthScript,
  renewerScript,
} from "./render/acmeScripts";
import { letsEncrypt } from "./validation/acme";
import { acmeCertificateProblems } from "./validation/components";

export interface AcmeCertificateArgs extends AcmeServerArgs {
  /** Names the certificate is for; each must lead to this Docker host. */
  readonly hostnames: string[];
  /** Name in Docker names and labels. @default <the component's name> */
  readonly instance?: string;
  /**
   * Address of the Docker host on which the challenge is answered. `0.0.0.0` is all its IPv4 addresses.
   * @default "0.0.0.0"
   */
  readonly bindAddress?: string;
  /** Image reference. @default "goacme/lego:v4.35.2" */
  readonly image?: pulumi.Input<string>;
  /** Log rotation. @default {} */
  readonly logRotation?: LogRotationArgs;
  /** Labels of everything created. Ours come beside them. @default {} */
  readonly labels?: Labels;
}

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
    refuse(name, acmeCertificateProblems(name, args));
    super("private-registry:index:AcmeCertificate", name, args, opts);

    const named = identity(args.instance ?? name, args.labels);
    const image = args.image ?? defaultAcmeImage;
    const first = { ...childOptions(this, opts), ignoreChanges: ["labels"] };
    const account = new docker.Volume(`${name}-account`, named("acme-account"), first);
    const certificates = new docker.Volume(`${name}-certificates`, named("acme-certificates"), first);
    // Of its own: it publishes a port and asks the outside, and has nothing to say to the registry.
    const network = new docker.Network(`${name}-network`, named("acme-network"), {
      ...first,
      deleteBeforeReplace: true,
    });
    const accountMount = { volumeName: account.name, containerPath: acmePaths.accountPath };
    const certificatesMount = { volumeName: certificates.name, containerPath: acmePaths.certificatesPath };

    const prepared = oneShot(
      `${name}-prepare`,
      {
        ...hardenedHelper(args.logRotation),
        ...named("acme-prepare"),
        image,
        script: acmePrepareScript(acmePaths, serviceUid),
        volumes: [accountMount, certificatesMount],
      },
      { parent: this },
    );
    const renewer = new docker.Container(
      `${name}-renewer`,
      {
        ...hardened(args.logRotation),
        ...named("acme"),
        image,
        entrypoints: ["sh", "-c"],
        command: [renewerScript(acmePaths)],
        envs: settings(args),
        tmpfs: { "/tmp": "rw,noexec,nosuid,size=1m,mode=1777" },
        volumes: [accountMount, certificatesMount],
        networksAdvanced: [{ name: network.name }],
        ports: [
          {
            internal: challengePort,
            external: args.challengePort ?? 80,
            ip: args.bindAddress ?? "0.0.0.0",
          },
        ],
        healthcheck: readiness(renewerHealthScript(acmePaths)),
        restart: "always",
        stopTimeout: 10,
        destroyGraceSeconds: 10,
      },
      {
        parent: this,
        dependsOn: prepared,
        deleteBeforeReplace: true,
        replaceOnChanges: replaceToChange,
      },
    );
    const issued = oneShot(
      `${name}-issue`,
      {
        ...hardened(args.logRotation),
        ...named("acme-issue"),
        image,
        script: issueScript(acmePaths),
        envs: settings(args),
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
function settings(args: AcmeCertificateArgs): string[] {
  return [
    `ACME_EMAIL=${args.email}`,
    `ACME_SERVER=${args.directoryUrl ?? letsEncrypt}`,
    `ACME_NAMES=${args.hostnames.join(" ")}`,
    `ACME_RENEWAL_DAYS=${args.renewalDays ?? 30}`,
    ...(args.directoryCaPem === undefined ? [] : [`ACME_DIRECTORY_CA=${args.directoryCaPem}`]),
  ];
}
