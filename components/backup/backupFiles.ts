import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { contentHash } from "../base/contentHash";
import { randomSecret } from "../base/randomSecret";
import { encoded, type Files } from "../docker/uploads";
import { outgoingFiles } from "../outgoing/outgoingFiles";
import { type BackupKeys, settingsText } from "./backupSettings";
import { knownHosts, repositoryOf } from "./backupTarget";
import type { ResolvedRegistryBackup } from "./defaults";

/** What the container of backups is told, in files because of the secrets among it. */
export interface BackupFiles {
  readonly files: pulumi.Output<Files>;
  /** Folder of these files. */
  readonly generation: pulumi.Output<string>;
  readonly keys: pulumi.Output<BackupKeys>;
}

/** @param host - under which name restic files its snapshots */
export function backupFiles(
  name: string,
  args: ResolvedRegistryBackup,
  host: string,
  parent: pulumi.Resource,
): BackupFiles {
  const { settings, outgoing } = args;
  const password = pulumi.secret(settings.password ?? randomSecret(`${name}-password`, { parent }));
  const ssh = sshKeys(name, args, parent);
  const keys = pulumi.secret(
    pulumi
      .all([password, ssh, settings.s3?.secretKey])
      .apply(([plain, pair, secretKey]) => backupKeys(args, host, { password: plain, ...pair, secretKey })),
  );
  const files = pulumi
    .all([keys, outgoingFiles(outgoing), args.controlVolumeName])
    .apply(([known, ofOutgoing, controlVolume]): Files => {
      const { password: text = "", sshPrivateKey, knownHosts: hosts } = known;
      return {
        ...ofOutgoing,
        settings: encoded(settingsText(settings, known, controlVolume)),
        password: encoded(text),
        ...(sshPrivateKey !== undefined && { sshKey: encoded(`${sshPrivateKey.trimEnd()}\n`) }),
        ...(hosts !== undefined && { knownHosts: encoded(hosts) }),
      };
    });
  // Not a hash of the files: everybody who may ask Docker sees it, and a password could be tried against it.
  const keepers = { content: pulumi.secret(files).apply(contentHash) };
  const generation = new random.RandomId(`${name}-generation`, { byteLength: 8, keepers }, { parent });
  return { files: pulumi.secret(files), generation: pulumi.unsecret(generation.hex), keys };
}

interface Secrets {
  readonly password: string;
  readonly secretKey?: string;
  readonly sshPrivateKey?: string;
  readonly sshPublicKey?: string;
}

function backupKeys({ settings }: ResolvedRegistryBackup, host: string, secrets: Secrets): BackupKeys {
  const { folder, sftp, s3 } = settings;
  const all = {
    repository: repositoryOf(settings),
    folder,
    host,
    ...secrets,
    knownHosts: sftp && knownHosts(sftp),
    accessKey: s3?.accessKey,
    region: s3?.region,
  };
  const known = Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return Object.fromEntries(known);
}

function sshKeys(
  name: string,
  { settings: { sftp } }: ResolvedRegistryBackup,
  parent: pulumi.Resource,
): pulumi.Output<{ sshPrivateKey?: string; sshPublicKey?: string }> {
  if (sftp === undefined) return pulumi.output({});
  if (sftp.privateKey !== undefined)
    return pulumi.secret(sftp.privateKey).apply((sshPrivateKey) => ({ sshPrivateKey }));
  const { privateKeyOpenssh, publicKeyOpenssh } = new tls.PrivateKey(
    `${name}-ssh-key`,
    { algorithm: "ED25519" },
    { parent },
  );
  return pulumi
    .all([privateKeyOpenssh, publicKeyOpenssh])
    .apply(([sshPrivateKey, text]) => ({ sshPrivateKey, sshPublicKey: text.trim() }));
}
