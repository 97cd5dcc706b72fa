import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import {
  type AcmeArgs,
  type CertificateArgs,
  CertificateSource,
  Front,
  type PrivateRegistryArgs,
  type UserArgs,
} from "../components";
import { frontKind } from "../components/fronts/fronts";
import { imageFromEnvironment } from "../components/imageNames";
import { isTextMap, quoted, unknownKeyProblems } from "../components/validation/values";
import { argumentKinds, kindProblems } from "./configShapes";

const config = new pulumi.Config();

/**
 * The arguments of this stack's registry, from its config.
 *
 * @throws RunError that lists every unknown key, most often a misspelt one, and every value of a wrong type.
 */
export function registryArgs(): PrivateRegistryArgs {
  refuseProblems();
  const userNames = config.requireObject<string[]>("users");
  const front = config.get<Front>("front");
  return {
    front,
    external: given("external"),
    hostnames: config.requireObject<string[]>("hostnames"),
    port: config.getNumber("port"),
    bindAddress: text("bindAddress"),
    extraSans: given("extraSans"),
    users: users(userNames),
    clientUser: text("clientUser"),
    clientAddress: text("clientAddress"),
    ...certificates(),
    storage: config.getObject("storage"),
    keepDataOnDestroy: config.getBoolean("keepDataOnDestroy"),
    registry: config.getObject("registry"),
    registryConfigOverrides: config.getObject("registryConfigOverrides"),
    waf: given("waf"),
    proxySnippet: text("proxySnippet"),
    proxyServesBlobs: config.getBoolean("proxyServesBlobs") === false ? false : undefined,
    limits: given("limits"),
    realm: text("realm"),
    logRotation: config.getObject("logRotation"),
    timeZone: text("timeZone"),
    registryImage: text("registryImage") ?? imageFromEnvironment("registry"),
    proxyImage: text("proxyImage") ?? proxyStandIn(front),
    registryResources: config.getObject("registryResources"),
    proxyResources: given("proxyResources"),
    labels: config.getObject("labels"),
  };
}

/** A local image that set-up made because the one of this front cannot be had. */
function proxyStandIn(front: Front | undefined): string | undefined {
  if (front === Front.Waf) {
    return imageFromEnvironment("waf");
  }
  return frontKind(front ?? Front.Nginx).hasProxy ? imageFromEnvironment("proxy") : undefined;
}

/** The Docker host to use, or undefined for DOCKER_HOST or this machine. */
export function dockerHost(): string | undefined {
  return text("dockerHost");
}

/** Users who get an install script of their own. */
export function installScriptUsers(): string[] {
  return config.getObject("installScriptUsers") ?? [];
}

/** Pulumi.yaml cannot declare a key without a default: an empty text stands for no value. */
function text(key: string): string | undefined {
  return config.get(key) || undefined;
}

/** The same for a list or a map, where an empty one stands for no value. */
function given<Value extends object>(key: string): Value | undefined {
  const value = config.getObject<Value>(key);
  return value === undefined || Object.keys(value).length === 0 ? undefined : value;
}

/** A number unless it is the default, which not every front takes. */
function otherThan(key: string, usual: number): number | undefined {
  const value = config.getNumber(key);
  return value === usual ? undefined : value;
}

function secret(key: string): pulumi.Output<string> | undefined {
  return text(key) === undefined ? undefined : config.getSecret(key);
}

/** Where the certificate comes from, and what clients trust. */
function certificates() {
  const [own, authority] = [text("ownCertificatePem"), text("ownAuthorityPem")];
  const keepGeneratedAuthority = config.getBoolean("keepGeneratedAuthority") ?? false;
  const requireClientCertificates = config.getBoolean("requireClientCertificates") ?? false;
  const source = config.get<CertificateSource>("certificateSource") || undefined;
  const isGenerated = source === undefined ? own === undefined : source === CertificateSource.Generated;
  // Pulumi.yaml has defaults for what is refused where nothing is generated.
  const hasAuthority =
    keepGeneratedAuthority || requireClientCertificates || (isGenerated && authority === undefined);
  return {
    certificateSource: source,
    certificate: isGenerated || hasAuthority ? given<CertificateArgs>("certificate") : undefined,
    caGeneration: hasAuthority ? otherThan("caGeneration", 1) : undefined,
    caRetiredGeneration: hasAuthority ? otherThan("caRetiredGeneration", 0) : undefined,
    keepGeneratedAuthority: keepGeneratedAuthority || undefined,
    requireClientCertificates: requireClientCertificates || undefined,
    extraCaCertificatesPem: text("extraCaCertificatesPem"),
    ownAuthority:
      authority === undefined
        ? undefined
        : {
            certificatePem: authority,
            privateKeyPem: secret("ownAuthorityPrivateKeyPem") ?? "",
            rootPem: text("ownAuthorityRootPem"),
          },
    ownCertificate:
      own === undefined
        ? undefined
        : {
            certificatePem: own,
            privateKeyPem: secret("ownPrivateKeyPem") ?? "",
            caCertificatePem: text("ownCaCertificatePem"),
          },
    acme: acme(),
  };
}

function acme(): AcmeArgs | undefined {
  const value = given<AcmeArgs>("acme");
  return value && { ...value, image: value.image ?? imageFromEnvironment("acme") };
}

function users(names: readonly string[]): UserArgs[] {
  const generations = config.getObject<{ [user: string]: number }>("passwordGenerations") ?? {};
  return names.map((name) => ({
    name,
    // An empty one is refused later, as it comes from a shell variable that was not set.
    password: config.getSecret(passwordKey(name)),
    passwordGeneration: generations[name],
  }));
}

function passwordKey(user: string): string {
  return `password-${user}`;
}

/** The config is untyped: looks at all of it before anything reads it. */
function refuseProblems(): void {
  const users = config.requireObject<unknown>("users");
  const problems = [
    ...Object.entries(argumentKinds).flatMap(([key, kind]) =>
      kindProblems(key, config.getObject<unknown>(key), kind),
    ),
    ...userKeyProblems(users),
    ...ownCertificateKeyProblems(),
    ...unknownConfigKeyProblems(Array.isArray(users) ? users.map(String) : []),
  ];
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new pulumi.RunError(`the config of stack ${pulumi.getStack()} cannot be used:\n${list}`);
  }
}

function userKeyProblems(users: unknown): string[] {
  const generations = config.getObject<unknown>("passwordGenerations") ?? {};
  const problems = [
    ...kindProblems("users", users, "texts"),
    ...kindProblems("passwordGenerations", generations, { every: "number" }),
    ...kindProblems("installScriptUsers", installScriptUsers(), "texts"),
  ];
  return problems.length === 0 && Array.isArray(users) && isTextMap(generations)
    ? unknownKeyProblems("passwordGenerations", generations, users)
    : problems;
}

/** Keys that mean nothing without another. */
function ownCertificateKeyProblems(): string[] {
  const needed = {
    ownPrivateKeyPem: "ownCertificatePem",
    ownCaCertificatePem: "ownCertificatePem",
    ownAuthorityPrivateKeyPem: "ownAuthorityPem",
    ownAuthorityRootPem: "ownAuthorityPem",
  };
  return Object.entries(needed)
    .filter(([key, other]) => text(key) !== undefined && text(other) === undefined)
    .map(([key, other]) => `${key}: is given without ${other}; give that too, or take this out`);
}

function unknownConfigKeyProblems(userNames: readonly string[]): string[] {
  const project = parse(readFileSync(join(__dirname, "..", "Pulumi.yaml"), "utf8"));
  const known = new Set([...Object.keys(project.config), ...userNames.map(passwordKey)]);
  const prefix = `${config.name}:`;
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => !known.has(key))
    .map(
      (key) =>
        `${quoted(key)} is neither a key of Pulumi.yaml nor "password-" and a name in users; ` +
        `take it out with: npm run pulumi -- config rm ${key}`,
    );
}
