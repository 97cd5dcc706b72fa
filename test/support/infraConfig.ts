import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateArgs, KeyAlgorithm } from "../../components";
import { imageNames } from "../../components/docker/imageNames";

const project = "private-registry";
const secretKeys = "PULUMI_CONFIG_SECRET_KEYS";

// On a machine that cannot pull images, set-up names stand-ins to the program.
for (const { variable } of Object.values(imageNames)) delete process.env[variable];

/** The arguments that the program reads from its settings, and from keys beside them. */
export function read(settings: object = {}, beside: Config = {}, encrypted?: readonly string[]) {
  return readAll(
    { settings: { hostnames: ["localhost"], ...settings }, dockerHost: "", ...beside },
    encrypted,
  );
}

interface Config {
  readonly [key: string]: unknown;
}

/** The same from a whole config, which the engine hands over with every value that is not text as JSON. */
export async function readAll(config: Config, encrypted: readonly string[] = []) {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    project,
    "dev",
  );
  const all = Object.entries(config).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(all));
  process.env[secretKeys] = JSON.stringify(encrypted.map((key) => `${project}:${key}`));
  try {
    const { registryArgs } = await import("../../infra/config.js");
    return registryArgs();
  } finally {
    delete process.env[secretKeys];
  }
}

/** What is wrong with a config, as the program says it. */
export async function problems(...config: Parameters<typeof read>): Promise<string[]> {
  try {
    await read(...config);
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
