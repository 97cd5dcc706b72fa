import * as pulumi from "@pulumi/pulumi";
import type { OwnCertificateArgs, UserArgs } from "./args";
import { refuse } from "./refuse";
import { ownCertificateProblems } from "./validation/certificates";
import { passwordProblems } from "./validation/users";

export interface SecretsToCheck {
  readonly users: readonly UserArgs[];
  /** Names that an own certificate must cover. */
  readonly hostnames?: readonly string[];
  readonly ownCertificate?: OwnCertificateArgs;
}

/**
 * Looks at passwords and own certificates, which may be outputs, and answers what to wait for.
 *
 * Everything created first depends on the answer, so that nothing is created before the last secret is known
 * to be good; a bad one fails the output with every problem in one message.
 */
export function checkSecrets(
  instance: string,
  { users, hostnames = [], ownCertificate }: SecretsToCheck,
  dependsOn: pulumi.ResourceOptions["dependsOn"],
): pulumi.Output<pulumi.Resource[]> {
  const passwords = pulumi.all(users.map((user) => user.password));
  // A component in another one waits for the other's check: one bad password is one error.
  return pulumi.all([dependsOn, passwords, ownCertificate]).apply(([before, plain, certificate]) => {
    refuse(instance, [
      ...plain.flatMap((password, index) =>
        password === undefined ? [] : passwordProblems(`users[${index}].password`, password),
      ),
      ...(certificate === undefined ? [] : ownCertificateProblems({ ...certificate, hostnames }, new Date())),
    ]);
    return before === undefined ? [] : [before].flat();
  });
}
