import type * as pulumi from "@pulumi/pulumi";

/** One person or machine that may log in. */
export interface UserArgs {
  /** Login name: letters, digits and `._@-`, at most 128 characters. */
  readonly name: string;
  /** Password of at most 72 bytes (bcrypt reads no more). @default <32 letters and digits, generated> */
  readonly password?: pulumi.Input<string>;
  /** Raise it to have a new password generated. Only for a user without `password`. @default 1 */
  readonly passwordGeneration?: number;
  /** Groups that rules of `access` name. @default [] */
  readonly groups?: string[];
  /** Last day of the login, in UTC, such as "2027-01-31"; after it the proxy refuses it. @default none */
  readonly expires?: string;
}

export interface CredentialsArgs {
  /** Who may log in. */
  readonly users: UserArgs[];
}
