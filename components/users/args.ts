import type * as pulumi from "@pulumi/pulumi";

/** One person or machine that may log in. */
export interface UserArgs {
  /** Login name: letters, digits and `._@-`, at most 128 characters. */
  readonly name: string;
  /** Password of at most 72 bytes (bcrypt reads no more). @default <32 letters and digits, generated> */
  readonly password?: pulumi.Input<string>;
  /** Raise it to have a new password generated. Only for a user without `password`. @default 1 */
  readonly passwordGeneration?: number;
}

export interface CredentialsArgs {
  /** Who may log in. */
  readonly users: UserArgs[];
}
