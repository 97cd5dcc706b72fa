import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { PrivateRegistryArgs, UserArgs } from "../components";

const config = new pulumi.Config();

/**
 * The arguments of this stack's registry, from its config.
 *
 * @throws RunError that lists every config key that Pulumi.yaml does not declare: most often a misspelt one.
 */
export function registryArgs(): PrivateRegistryArgs {
  const userNames = config.requireObject<string[]>("users");
  refuseUnknownKeys(userNames);
  const own = secret("ownCertificatePem");
  return {
    hostnames: config.requireObject<string[]>("hostnames"),
    port: config.getNumber("port"),
    bindAddress: text("bindAddress"),
    extraSans: config.getObject("extraSans"),
    users: users(userNames),
    clientUser: text("clientUser"),
    clientAddress: text("clientAddress"),
    certificate: own === undefined ? config.getObject("certificate") : undefined,
    caGeneration: own === undefined ? config.getNumber("caGeneration") : undefined,
    ownCertificate:
      own === undefined
        ? undefined
        : {
            certificatePem: own,
            privateKeyPem: secret("ownPrivateKeyPem") ?? "",
            caCertificatePem: text("ownCaCertificatePem"),
          },
    storage: config.getObject("storage"),
    keepDataOnDestroy: config.getBoolean("keepDataOnDestroy"),
    registry: config.getObject("registry"),
    registryConfigOverrides: config.getObject("registryConfigOverrides"),
    proxySnippet: text("proxySnippet"),
    realm: text("realm"),
    logRotation: config.getObject("logRotation"),
    timeZone: text("timeZone"),
    registryImage: text("registryImage") ?? process.env.PRIVATE_REGISTRY_REGISTRY_IMAGE,
    proxyImage: text("proxyImage") ?? process.env.PRIVATE_REGISTRY_PROXY_IMAGE,
    registryResources: config.getObject("registryResources"),
    proxyResources: config.getObject("proxyResources"),
    labels: config.getObject("labels"),
  };
}

/** The Docker host to use, or undefined for DOCKER_HOST or this machine. */
export function dockerHost(): string | undefined {
  return text("dockerHost");
}

/** Pulumi.yaml cannot declare a key without a default: an empty text stands for no value. */
function text(key: string): string | undefined {
  return config.get(key) || undefined;
}

function secret(key: string): pulumi.Output<string> | undefined {
  const plain = pulumi.runtime.allConfig()[`${config.name}:${key}`];
  return plain ? pulumi.secret(plain) : undefined;
}

function users(names: readonly string[]): UserArgs[] {
  const generations = config.getObject<{ [user: string]: number }>("passwordGenerations") ?? {};
  return names.map((name) => ({
    name,
    password: secret(passwordKey(name)),
    passwordGeneration: generations[name],
  }));
}

function passwordKey(user: string): string {
  return `password-${user}`;
}

function refuseUnknownKeys(userNames: readonly string[]): void {
  const project = parse(readFileSync(join(__dirname, "..", "Pulumi.yaml"), "utf8"));
  const known = new Set([...Object.keys(project.config), ...userNames.map(passwordKey)]);
  const prefix = `${config.name}:`;
  const unknown = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => !known.has(key));
  if (unknown.length > 0) {
    throw new pulumi.RunError(
      `unknown config key ${unknown.map((key) => `"${key}"`).join(", ")}: ` +
        `Pulumi.yaml lists the known ones, and "password-<user>" is for a name in users; ` +
        `take it out with: npm run pulumi -- config rm ${unknown[0]}`,
    );
  }
}
