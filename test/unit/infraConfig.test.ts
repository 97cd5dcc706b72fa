import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  type AcmeArgs,
  type CertificateArgs,
  DescriptorCache,
  type ExternalFrontArgs,
  KeyAlgorithm,
  LogFormat,
  LogLevel,
  type LogRotationArgs,
  RegistryDialect,
  type RegistryOptionsArgs,
  type RequestLimitArgs,
  type ResourceArgs,
  type StorageArgs,
  type WafArgs,
} from "../../components";
import { valueIn } from "../support/mocks";

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
async function read(values: { readonly [key: string]: unknown } = {}) {
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

async function problems(values: { readonly [key: string]: unknown }): Promise<string[]> {
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

const certificate: Required<CertificateArgs> = {
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
const acme: Required<AcmeArgs> = {
  email: "admin@example.com",
  directoryUrl: "https://ca.example.com/acme",
  challengePort: 8080,
  directoryCaPem: "CERTIFICATE",
  rootCaPem: "CERTIFICATE",
  renewalDays: 20,
  image: "example.com/lego:1",
};
const registry: Required<RegistryOptionsArgs> = {
  dialect: RegistryDialect.V3,
  deleteEnabled: true,
  readOnly: false,
  cache: DescriptorCache.None,
  healthIntervalSeconds: 10,
  healthThreshold: 3,
  logLevel: LogLevel.Info,
  logFormat: LogFormat.Json,
  logFields: { service: "registry" },
  accessLog: true,
  headers: { "X-Content-Type-Options": ["nosniff"] },
  uploadPurging: true,
  uploadPurgeAgeHours: 1,
  uploadPurgeIntervalHours: 1,
  drainSeconds: 1,
  tagLookupConcurrency: 1,
  schema1: true,
};
const storage: Required<StorageArgs> = { volumeName: "a", hostPath: "/srv/a", takeOwnership: true };
const logRotation: Required<LogRotationArgs> = { maxSize: "9m", maxFiles: 1 };
const resources: Required<ResourceArgs> = { memoryMib: 512, cpus: 1.5 };
const limits: Required<RequestLimitArgs> = {
  allowedAddresses: ["192.0.2.0/24"],
  requestsPerSecond: 50,
  requestBurst: 250,
  connectionsPerAddress: 20,
  loginsPerSecond: 10,
  loginBurst: 50,
};
const external: Required<ExternalFrontArgs> = {
  trustedAddresses: ["192.0.2.7"],
  publicPort: 8443,
  encrypted: false,
  caCertificatePem: "PEM",
};
const waf: Required<WafArgs> = {
  paranoiaLevel: 2,
  anomalyThreshold: 10,
  detectionOnly: true,
  excludedRules: [942100],
  bodyLimit: 1_048_576,
};

test("every key that an argument may have is known, and reaches the argument as it is", async () => {
  const values = {
    certificate,
    acme,
    registry,
    storage,
    logRotation,
    limits,
    external,
    waf,
    registryResources: resources,
    proxyResources: resources,
    labels: { team: "platform" },
    extraSans: ["*.example.net"],
    registryConfigOverrides: { catalog: { maxentries: 5 } },
  };
  const args = await read(values);
  for (const [key, value] of Object.entries(values)) {
    assert.deepEqual(Reflect.get(args, key), value, key);
  }
});

test("an empty text stands for no value", async () => {
  const args = await read({ clientUser: "", realm: "", proxyImage: "" });
  assert.deepEqual([args.clientUser, args.realm, args.ownCertificate], [undefined, undefined, undefined]);
});

test("users have the passwords and generations of their names, passwords secret", async () => {
  const { users } = await read({
    users: ["ci", "alice"],
    "password-alice": "correct horse",
    passwordGenerations: { ci: 2 },
  });
  const [ci, alice] = users ?? [];
  assert.deepEqual([ci?.name, ci?.password, ci?.passwordGeneration], ["ci", undefined, 2]);
  assert.deepEqual([alice?.name, alice?.passwordGeneration], ["alice", undefined]);
  assert.equal(await pulumi.isSecret(pulumi.output(alice?.password)), true);
  assert.equal(await valueIn(pulumi.output(alice?.password)), "correct horse");
});

test("a password of digits stays text", async () => {
  const { users } = await read({ "password-admin": "007" });
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "007");
});

test("an empty password is passed on, to be refused, instead of one generated in silence", async () => {
  const { users } = await read({ "password-admin": "" });
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "");
});

test("an own certificate replaces the settings of generated ones", async () => {
  const args = await read({ certificate, ownCertificatePem: "CERTIFICATE", ownPrivateKeyPem: "KEY" });
  assert.equal(args.certificate, undefined);
  assert.equal(args.caGeneration, undefined);
  assert.equal(await pulumi.isSecret(pulumi.output(args.ownCertificate?.privateKeyPem)), true);
  assert.equal(await valueIn(pulumi.output(args.ownCertificate?.privateKeyPem)), "KEY");
});

test("an own authority replaces the generated one, but not the settings of the certificate it signs", async () => {
  const values = { certificate, ownAuthorityPem: "CERTIFICATE", ownAuthorityPrivateKeyPem: "KEY" };
  const args = await read({ ...values, ownAuthorityRootPem: "ROOT" });
  assert.deepEqual([args.certificate, args.caGeneration], [certificate, undefined]);
  assert.equal(args.ownAuthority?.certificatePem, "CERTIFICATE");
  assert.equal(args.ownAuthority?.rootPem, "ROOT");
  assert.equal(await pulumi.isSecret(pulumi.output(args.ownAuthority?.privateKeyPem)), true);
});

test("a kept authority keeps its settings, and further authorities are passed on", async () => {
  const kept = { keepGeneratedAuthority: true, extraCaCertificatesPem: "ROOT", caRetiredGeneration: 1 };
  for (const own of [{ ownCertificatePem: "CERTIFICATE" }, { ownAuthorityPem: "CERTIFICATE" }]) {
    const args = await read({ ...kept, ...own, certificate, caGeneration: 2 });
    assert.deepEqual(
      [args.keepGeneratedAuthority, args.extraCaCertificatesPem, args.certificate],
      [true, "ROOT", certificate],
    );
    assert.deepEqual([args.caGeneration, args.caRetiredGeneration], [2, 1]);
  }
});

test("where clients need certificates, the settings of generated ones are theirs", async () => {
  const clients = { requireClientCertificates: true, certificate, caGeneration: 2 };
  const args = await read({ ownCertificatePem: "CERTIFICATE", ...clients });
  assert.deepEqual(
    [args.requireClientCertificates, args.certificate, args.caGeneration],
    [true, certificate, 2],
  );
});

test("a source other than generated leaves the settings of generated certificates out", async () => {
  const args = await read({ certificateSource: "acme", acme: { email: "admin@example.com" } });
  assert.deepEqual(
    [args.certificateSource, args.acme?.email, args.certificate, args.caGeneration],
    ["acme", "admin@example.com", undefined, undefined],
  );
  assert.equal((await read({ certificateSource: "generated", caGeneration: 2 })).caGeneration, 2);
  assert.equal((await read({ acme: {} })).acme, undefined);
});

test("a key without its certificate is a problem, and is not shown", async () => {
  assert.deepEqual(await problems({ ownPrivateKeyPem: "KEY" }), [
    "ownPrivateKeyPem: is given without ownCertificatePem; give that too, or take this out",
  ]);
  assert.deepEqual(await problems({ ownAuthorityPrivateKeyPem: "KEY", ownAuthorityRootPem: "ROOT" }), [
    "ownAuthorityPrivateKeyPem: is given without ownAuthorityPem; give that too, or take this out",
    "ownAuthorityRootPem: is given without ownAuthorityPem; give that too, or take this out",
  ]);
});

test("a misspelt key of the config is told of with the command that takes it out", async () => {
  assert.deepEqual(await problems({ prot: 5443, "password-bob": "hunter22" }), [
    '"prot" is neither a key of Pulumi.yaml nor "password-" and a name in users; take it out with: npm run pulumi -- config rm prot',
    '"password-bob" is neither a key of Pulumi.yaml nor "password-" and a name in users; take it out with: npm run pulumi -- config rm password-bob',
  ]);
});

test("config of other projects is none of ours", async () => {
  await read();
  pulumi.runtime.setConfig("docker:host", "ssh://host");
  const { registryArgs } = await import("../../infra/config.js");
  assert.deepEqual(registryArgs().hostnames, ["localhost"]);
});

test("misspelt keys at every depth are told of at once", async () => {
  const found = await problems({
    certificate: { validityDay: 90 },
    storage: { hostpath: "/srv/registry" },
    logRotation: { maxsize: "9m" },
    proxyResources: { memory: 512 },
    registry: { loglevel: "debug" },
    passwordGenerations: { bob: 2 },
  });
  assert.deepEqual(
    found.map((problem) => problem.replace(/;.*/, "")),
    [
      'certificate: has no setting "validityDay"',
      'storage: has no setting "hostpath"',
      'registry: has no setting "loglevel"',
      'logRotation: has no setting "maxsize"',
      'proxyResources: has no setting "memory"',
      'passwordGenerations: has no setting "bob"',
    ],
  );
  assert.match(found[1] ?? "", /; write one of "volumeName", "hostPath", "takeOwnership"$/);
});

test("wrong types are told of with their path and what to write", async () => {
  const wrong: [values: object, problem: string][] = [
    [
      { certificate: { organization: 2024 } },
      'certificate.organization: 2024 is a number; write it in quotes: "2024"',
    ],
    [
      { certificate: { validityDays: "90" } },
      'certificate.validityDays: "90" is text; write it without quotes',
    ],
    [{ certificate: { validityDays: "a year" } }, "certificate.validityDays: is text; write a number"],
    [{ certificate: { country: null } }, "certificate.country: has no value; write text"],
    [{ certificate: ["GB"] }, "certificate: is a list; write a map"],
    [
      { storage: { takeOwnership: "true" } },
      'storage.takeOwnership: "true" is text; write it without quotes',
    ],
    [{ storage: { takeOwnership: 1 } }, "storage.takeOwnership: 1 is a number; write true or false"],
    [{ registry: { drainSeconds: true } }, "registry.drainSeconds: true is a truth value; write a number"],
    [
      { registry: { logFields: { build: 7 } } },
      'registry.logFields.build: 7 is a number; write it in quotes: "7"',
    ],
    [{ registry: { headers: { "X-A": "1" } } }, 'registry.headers.X-A: "1" is text; write a list'],
    [
      { registry: { headers: { "X-A": [1] } } },
      'registry.headers.X-A[0]: 1 is a number; write it in quotes: "1"',
    ],
    [{ logRotation: { maxSize: { mb: 5 } } }, "logRotation.maxSize: is a map; write text"],
    [{ labels: { ha: true } }, 'labels.ha: true is a truth value; write it in quotes: "true"'],
    [{ hostnames: ["a.example", 5] }, 'hostnames[1]: 5 is a number; write it in quotes: "5"'],
    [{ hostnames: { a: 1 } }, "hostnames: is a map; write a list"],
    [{ users: ["admin", 12] }, 'users[1]: 12 is a number; write it in quotes: "12"'],
    [
      { passwordGenerations: { admin: "2" } },
      'passwordGenerations.admin: "2" is text; write it without quotes',
    ],
  ];
  for (const [values, problem] of wrong) {
    assert.deepEqual(await problems({ ...values }), [problem]);
  }
});

test("text in the wrong place is not shown: it could be a password", async () => {
  for (const value of ["hunter22", ["hunter22"], { a: "hunter22" }]) {
    const found = await problems({ registry: { drainSeconds: value }, storage: { takeOwnership: value } });
    assert.equal(found.length, 2);
    assert.ok(found.every((problem) => !problem.includes("hunter22")));
  }
});

test("a list where a map belongs, and a name of every object, do no harm", async () => {
  assert.deepEqual(await problems({ labels: ["team"] }), ["labels: is a list; write a map"]);
  const found = await problems({ storage: JSON.parse('{"__proto__": 1, "constructor": 2}') });
  assert.equal(found.length, 2);
});

test("what Pulumi.yaml gives every stack is no argument of a front that cannot take it", async () => {
  const usual = {
    caGeneration: 1,
    caRetiredGeneration: 0,
    certificate: {},
    limits: {},
    waf: {},
    proxyServesBlobs: true,
  };
  const { front, ...args } = await read({ ...usual, front: "none" });
  assert.equal(front, "none");
  for (const key of [...Object.keys(usual), "proxyImage", "keepGeneratedAuthority"] as const) {
    assert.equal(Reflect.get(args, key), undefined, key);
  }
  assert.equal((await read({ front: "bunker" })).front, "bunker", "left to the validation of arguments");
});

test("each front has a stand-in of its own where its image cannot be had", async () => {
  process.env.PRIVATE_REGISTRY_PROXY_IMAGE = "localhost/nginx";
  process.env.PRIVATE_REGISTRY_WAF_IMAGE = "localhost/waf";
  try {
    const imageOf = async (front: string) => (await read({ front })).proxyImage;
    assert.deepEqual(
      [await imageOf("nginx"), await imageOf("waf"), await imageOf("direct")],
      ["localhost/nginx", "localhost/waf", undefined],
    );
  } finally {
    delete process.env.PRIVATE_REGISTRY_PROXY_IMAGE;
    delete process.env.PRIVATE_REGISTRY_WAF_IMAGE;
  }
});

test("a list of numbers is one, and so is each item", async () => {
  assert.deepEqual(await problems({ waf: { excludedRules: 942100 } }), [
    "waf.excludedRules: 942100 is a number; write a list",
  ]);
  assert.deepEqual(await problems({ waf: { excludedRules: ["942100"] } }), [
    'waf.excludedRules[0]: "942100" is text; write it without quotes',
  ]);
});
