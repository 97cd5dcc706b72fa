import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import bcrypt from "bcryptjs";
import { randomSecret } from "../base/randomSecret";
import { refuse } from "../base/refuse";
import { withSecrets } from "../base/withSecrets";
import { checkSecrets } from "../checkSecrets";
import type { CredentialsArgs } from "./args";
import { resolvedUser } from "./defaults";
import { userProblems } from "./problems";

/**
 * Users, their passwords and the htpasswd file that knows them.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class Credentials extends pulumi.ComponentResource {
  /** Text of the htpasswd file, bcrypt cost 10; secret. */
  public readonly htpasswd: pulumi.Output<string>;
  /** User name to password; secret. */
  public readonly passwords: pulumi.Output<{ [user: string]: string }>;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, userProblems(args.users));
    super(
      "private-registry:index:Credentials",
      name,
      { users: args.users.map((user) => withSecrets(user, "password")) },
      opts,
    );

    const first = { parent: this, dependsOn: checkSecrets(name, { users: args.users }, opts?.dependsOn) };
    const salt = randomSecret(`${name}-salt`, first);
    const entries = args.users.map((user) => {
      if (user.password !== undefined) {
        return suppliedEntry(user.name, user.password, salt);
      }
      const generated = new random.RandomPassword(
        `${name}-password-${user.name}`,
        {
          length: 32,
          special: false,
          keepers: { generation: String(resolvedUser(user).passwordGeneration) },
        },
        first,
      );
      return generatedEntry(user.name, generated);
    });

    this.htpasswd = pulumi.secret(
      pulumi.all(entries).apply((all) => all.map((entry) => `${entry.name}:${entry.hash}\n`).join("")),
    );
    this.passwords = pulumi.secret(
      pulumi
        .all(entries)
        .apply((all) => Object.fromEntries(all.map((entry) => [entry.name, entry.password]))),
    );
    this.registerOutputs({ htpasswd: this.htpasswd, passwords: this.passwords });
  }
}

interface Entry {
  readonly name: string;
  readonly password: string;
  readonly hash: string;
}

function suppliedEntry(
  name: string,
  password: pulumi.Input<string>,
  salt: pulumi.Output<string>,
): pulumi.Output<Entry> {
  return pulumi.all([password, salt]).apply(async ([plain, seed]) => ({
    name,
    password: plain,
    hash: await bcrypt.hash(plain, userSalt(name, seed)),
  }));
}

// The provider's hash says $2a$, which means the same; every libc and the registry read $2y$.
function generatedEntry(name: string, generated: random.RandomPassword): pulumi.Output<Entry> {
  return pulumi
    .all([generated.result, generated.bcryptHash])
    .apply(([password, hash]) => ({ name, password, hash: hash.replace(/^\$2a\$/, "$2y$") }));
}

/** The same salt at every run, so that the hash changes with the password alone; another one for each user. */
export function userSalt(name: string, seed: string): string {
  const bytes = createHmac("sha256", seed).update(name).digest().subarray(0, 16);
  return `$2y$10$${bcrypt.encodeBase64([...bytes], 16)}`;
}
