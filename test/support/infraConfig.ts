import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateArgs, KeyAlgorithm } from "../../components";

/** What Pulumi.yaml declares for every stack, and the two lists that each stack has. */
const defaults = {
  hostnames: ["localhost"],
  users: ["admin"],
  port: 443,
  bindAddress: "0.0.0.0",
  certificate: {},
  caGeneration: 1,
  clientUser: "",
  ownCertificatePem: "",
  ownPrivateKeyPem: "",
  keepDataOnDestroy: true,
  passwordGenerations: {},
};

/** The program's config as the engine hands it over: every value that is not text as JSON. */
export async function read(values: { readonly [key: string]: unknown } = {}) {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    project,
    "dev",
  );
  const all = Object.entries({ ...defaults, ...values }).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(all));
  const { registryArgs } = await import("../../infra/config.js");
  return registryArgs();
}

const project = "private-registry";

/** What is wrong with a config, as the program says it. */
export async function problems(values: { readonly [key: string]: unknown }): Promise<string[]> {
  try {
    await read(values);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    const [head, ...list] = error.message.split("\n  - ");
    assert.equal(head, "the config of stack dev cannot be used:");
    return list;
  }
  return [];
}

/** Every setting of generated certificates. */
export const certificate: Required<CertificateArgs> = {
  validityDays: 365,
  renewalDays: 60,
  caValidityDays: 3650,
  keyAlgorithm: KeyAlgorithm.EcdsaP256,
  organization: "Example Ltd",
  organizationalUnit: "Platform",
  country: "GB",
  province: "Kent",
  locality: "Deal",
};
