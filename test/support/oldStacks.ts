import { Front, KeyAlgorithm, LogFormat, type PrivateRegistryArgs } from "../../components";

/** A stack file of the version with a key for each argument, and the arguments that its program made of it. */
export interface OldStack {
  readonly file: string;
  readonly args: PrivateRegistryArgs;
}

/** What that program passed on although nobody had written it: the defaults of its Pulumi.yaml. */
export const oldUsual = {
  front: Front.Nginx,
  port: 443,
  bindAddress: "0.0.0.0",
  storage: {},
  keepDataOnDestroy: true,
  registry: {},
  registryConfigOverrides: {},
  realm: "Private Registry",
  logRotation: {},
  timeZone: "UTC",
  registryResources: {},
  labels: {},
};

export const oldStacks: { readonly [stack: string]: OldStack } = {
  dev: {
    file: `config:
  # Works as it is, on this machine alone.
  private-registry:hostnames:
    - localhost
    - 127.0.0.1
  private-registry:port: 5443
  private-registry:bindAddress: 127.0.0.1
  private-registry:users:
    - admin
`,
    args: {
      ...oldUsual,
      hostnames: ["localhost", "127.0.0.1"],
      port: 5443,
      bindAddress: "127.0.0.1",
      users: [{ name: "admin" }],
    },
  },
  prod: {
    file: `config:
  # A named host in production: change hostnames and clientAddress to yours.
  private-registry:hostnames:
    - registry.example.com
  private-registry:clientAddress: 203.0.113.10
  private-registry:users:
    - ci
    - deploy
    - alice
  private-registry:clientUser: deploy
  private-registry:certificate:
    organization: Example Ltd
    country: GB
    keyAlgorithm: ecdsa-p384
  private-registry:registry:
    logFormat: json
    logFields:
      service: registry
      environment: production
    uploadPurgeAgeHours: 72
  private-registry:logRotation:
    maxSize: 100m
    maxFiles: 5
  private-registry:timeZone: Europe/London
  private-registry:registryResources:
    memoryMib: 2048
    cpus: 2
  private-registry:proxyResources:
    memoryMib: 512
  private-registry:labels:
    team: platform
`,
    args: {
      ...oldUsual,
      hostnames: ["registry.example.com"],
      users: [{ name: "ci" }, { name: "deploy" }, { name: "alice" }],
      clientUser: "deploy",
      clientAddress: "203.0.113.10",
      certificate: { organization: "Example Ltd", country: "GB", keyAlgorithm: KeyAlgorithm.EcdsaP384 },
      registry: {
        logFormat: LogFormat.Json,
        logFields: { service: "registry", environment: "production" },
        uploadPurgeAgeHours: 72,
      },
      logRotation: { maxSize: "100m", maxFiles: 5 },
      timeZone: "Europe/London",
      registryResources: { memoryMib: 2048, cpus: 2 },
      proxyResources: { memoryMib: 512 },
      labels: { team: "platform" },
    },
  },
};

/** The file after what a printed conversion asks for: its keys taken out, its block put at the end. */
export function converted(file: string, text: string): string {
  const [, keys = "", block = ""] =
    /Take these keys[^\n]*\n((?: {2}\S[^\n]*\n)+)In their place[^\n]*\n\n([\s\S]*?)\n\nLeft out are/.exec(
      text,
    ) ?? [];
  const taken = keys.split("\n").map((key) => key.trim());
  let isTaken = false;
  const kept = file.split("\n").filter((line) => {
    const [, key] = /^ {2}(\S+?):(?:\s|$)/.exec(line) ?? [];
    if (key !== undefined || !/^ {4}/.test(line)) isTaken = key !== undefined && taken.includes(key);
    return !isTaken;
  });
  return `${kept.join("\n").trimEnd()}\n${block}\n`;
}
