import * as pulumi from "@pulumi/pulumi";
import type { BackupArgs } from "./backup/args";
import { backupPasswordProblems } from "./backup/problems";
import { sshKeyProblems } from "./backup/sshKeyProblems";
import { refuse } from "./base/refuse";
import { given } from "./base/values";
import type { AcmeArgs } from "./certificates/acme/args";
import { eabHmacKeyProblems } from "./certificates/acme/problems";
import type { OwnAuthorityArgs, OwnCertificateArgs } from "./certificates/args";
import { extraAuthoritiesProblems, ownAuthorityProblems } from "./certificates/ownAuthorityProblems";
import { ownCertificateProblems } from "./certificates/ownCertificateProblems";
import type { ExternalFrontArgs } from "./fronts/args";
import type { OutgoingArgs } from "./outgoing/args";
import { knownOutgoingProblems } from "./outgoing/problems";
import type { RegistryOptionsArgs } from "./registry/args";
import { httpSecretProblems, knownKeyProblems } from "./registry/s3Problems";
import type { StorageArgs } from "./registry/storageArgs";
import type { UserArgs } from "./users/args";
import { passwordProblems } from "./users/problems";

export interface SecretsToCheck {
  readonly users: readonly UserArgs[];
  /** Names that an own certificate must cover. */
  readonly hostnames?: readonly string[];
  readonly ownCertificate?: OwnCertificateArgs;
  readonly ownAuthority?: OwnAuthorityArgs;
  readonly external?: ExternalFrontArgs;
  readonly extraCaCertificatesPem?: pulumi.Input<string>;
  readonly acme?: AcmeArgs;
  readonly outgoing?: OutgoingArgs;
  readonly backup?: BackupArgs;
  readonly storage?: StorageArgs;
  readonly registry?: RegistryOptionsArgs;
}

/**
 * Looks at passwords and certificates, which may be outputs, and answers what to wait for.
 *
 * Everything created first depends on the answer, so that nothing is created before the last secret is known
 * to be good; a bad one fails the output with every problem in one message.
 */
export function checkSecrets(
  instance: string,
  {
    users,
    hostnames = [],
    ownCertificate,
    ownAuthority,
    external,
    extraCaCertificatesPem,
    acme,
    outgoing,
    backup,
    storage,
    registry,
  }: SecretsToCheck,
  dependsOn: pulumi.ResourceOptions["dependsOn"],
): pulumi.Output<pulumi.Resource[]> {
  const passwords = pulumi.all(users.map((user) => user.password));
  const certificates = pulumi.all([
    ownCertificate,
    ownAuthority,
    external?.caCertificatePem,
    extraCaCertificatesPem,
    acme?.eabHmacKey,
    outgoing && { proxy: outgoing.proxy, caCertificatesPem: outgoing.caCertificatesPem },
    { password: backup?.password, s3: backup?.s3, sshKey: backup?.sftp?.privateKey },
    { s3: storage?.s3, httpSecret: registry?.httpSecret },
  ]);
  // A component in another one waits for the other's check: one bad password is one error.
  return pulumi
    .all([dependsOn, passwords, certificates])
    .apply(([before, plain, [own, authority, theirs, extra, hmacKey, out, copied, kept]]) => {
      const now = new Date();
      refuse(instance, [
        ...plain.flatMap((password, index) =>
          password === undefined ? [] : passwordProblems(`users[${index}].password`, password),
        ),
        ...(own === undefined ? [] : ownCertificateProblems({ ...own, hostnames }, now)),
        ...(authority === undefined ? [] : ownAuthorityProblems(authority, now)),
        ...(theirs === undefined ? [] : extraAuthoritiesProblems(theirs, now, "external.caCertificatePem")),
        ...(extra === undefined ? [] : extraAuthoritiesProblems(extra, now)),
        ...given(hmacKey, eabHmacKeyProblems),
        ...given(copied.password, (password) => backupPasswordProblems(password)),
        ...given(copied.s3, (known) => knownKeyProblems(known, "backup.s3")),
        ...given(copied.sshKey, (key) => sshKeyProblems(key)),
        ...given(kept.s3, (known) => knownKeyProblems(known)),
        ...given(kept.httpSecret, (secret) => httpSecretProblems(secret)),
        ...given(out, (known) => knownOutgoingProblems(known, now)),
      ]);
      return before === undefined ? [] : [before].flat();
    });
}
