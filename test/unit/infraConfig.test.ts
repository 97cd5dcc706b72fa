import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  type AcmeArgs,
  DescriptorCache,
  type ExternalFrontArgs,
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
import { certificate, problems, read } from "../support/infraConfig";
import { valueIn } from "../support/mocks";

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
const resources: Required<ResourceArgs> = { memoryMib: 512, cpus: 1.5, openFiles: 4096 };
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
