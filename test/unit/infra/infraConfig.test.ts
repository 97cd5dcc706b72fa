import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  AccessAction,
  type AccessRuleArgs,
  type AcmeArgs,
  DescriptorCache,
  type ExternalFrontArgs,
  type ImmutableTagsArgs,
  type KeeperArgs,
  LogFormat,
  LogLevel,
  type LogRotationArgs,
  RegistryDialect,
  type RegistryOptionsArgs,
  type RequestLimitArgs,
  type ResourceArgs,
  type RetentionRuleArgs,
  type S3StorageArgs,
  type StorageArgs,
  type WafArgs,
} from "../../../components";
import { settingsKind } from "../../../infra/configShapes";
import { certificate, read } from "../../support/infraConfig";
import { valueIn } from "../../support/mocks";

const acme: Required<Omit<AcmeArgs, "eabHmacKey">> = {
  email: "admin@example.com",
  directoryUrl: "https://ca.example.com/acme",
  challengePort: 8080,
  eabKeyId: "kid-1",
  networkSubnets: ["10.20.31.0/24"],
  directoryCaPem: "CERTIFICATE",
  rootCaPem: "CERTIFICATE",
  renewalDays: 20,
  image: "example.com/lego:1",
};
const access: Required<AccessRuleArgs>[] = [
  {
    repositories: ["team/*"],
    users: ["admin"],
    groups: ["dev"],
    anonymous: false,
    actions: [AccessAction.Push, AccessAction.Delete],
  },
];
const immutableTags: Required<ImmutableTagsArgs>[] = [{ repositories: ["**"], tags: ["v*"] }];
const registry: Required<Omit<RegistryOptionsArgs, "httpSecret">> = {
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
const s3: Required<Omit<S3StorageArgs, "secretKey">> = {
  bucket: "registry",
  endpoint: "https://s3.example.com",
  folder: "a",
  region: "here",
  accessKey: "key",
  credentialsFile: "/etc/key",
  pathStyle: false,
  redirect: true,
};
const storage: Required<StorageArgs> = { volumeName: "a", hostPath: "/srv/a", takeOwnership: true, s3 };
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
const rule: Required<RetentionRuleArgs> = {
  repositories: ["team/*"],
  tags: ["pr-*"],
  keepNewest: 5,
  maxTags: 50,
  deleteAfterDays: 30,
  keepTags: ["latest"],
};
const external: Required<ExternalFrontArgs> = {
  trustedAddresses: ["192.0.2.7"],
  dockerNetwork: "balancer",
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

const keeper: Required<KeeperArgs> = {
  enabled: true,
  collectAt: "04:00",
  graceHours: 48,
  undoDays: 14,
  untaggedDays: 30,
  scrubDays: 60,
};

test("every key that an argument may have is known, and reaches the argument as it is", async () => {
  const values = {
    front: "waf",
    port: 8443,
    bindAddress: "127.0.0.1",
    access,
    immutableTags,
    networkSubnets: ["10.20.30.0/24", "fd12:3456:789a::/64"],
    clientUser: "admin",
    installScriptUsers: ["admin"],
    clientAddress: "192.0.2.7",
    certificateSource: "generated",
    certificate,
    caGeneration: 2,
    caRetiredGeneration: 1,
    keepGeneratedAuthority: true,
    requireClientCertificates: true,
    extraCaCertificatesPem: "PEM",
    acme,
    registry,
    storage,
    keepDataOnDestroy: false,
    logRotation,
    limits,
    retention: [rule],
    external,
    waf,
    proxySnippet: "etag off;",
    page: false,
    blobCache: { sizeGib: 5 },
    proxyServesBlobs: false,
    realm: "Another",
    timeZone: "Asia/Shanghai",
    registryImage: "registry:2",
    proxyImage: "nginx:1",
    keeper,
    diskGuard: {
      enabled: true,
      refuseAtPercent: 95,
      refuseBelowMib: 500,
      resumeAtPercent: 90,
      collectAtPercent: 85,
    },
    quotas: [{ repositories: ["team/*"], maxMib: 1000 }],
    log: { format: LogFormat.Json, auditDays: 90 },
    metrics: { users: ["admin"], allowedAddresses: ["192.0.2.9"] },
    backup: {
      folder: "/mnt/backup",
      sftp: { host: "backup", port: 2222, user: "a", folder: "/a", hostKeys: ["ssh-ed25519 AAAA"] },
      s3: { endpoint: "https://s3", bucket: "registry", folder: "a", region: "here", accessKey: "key" },
      at: "01:00",
      keep: { last: 1, daily: 2, weekly: 3, monthly: 4, yearly: 5 },
      image: "restic:1",
      resources,
    },
    keeperImage: "node:22",
    registryResources: resources,
    proxyResources: resources,
    keeperResources: resources,
    labels: { team: "platform" },
    extraSans: ["*.example.net"],
    registryConfigOverrides: { catalog: { maxentries: 5 } },
    outgoing: {
      proxy: "http://proxy.example.com:3128",
      proxyExceptions: [".example.com"],
      caCertificatesPem: "PEM",
    },
  };
  const args = await read(values);
  for (const [key, value] of Object.entries(values)) {
    assert.deepEqual(Reflect.get(args, key), value, key);
  }
  const elsewhere = ["hostnames", "users", "ownCertificate", "ownAuthority"];
  assert.deepEqual([...Object.keys(values), ...elsewhere].sort(), Object.keys(settingsKind.keys).sort());
});

test("what is not written is no argument, so that a front refuses nothing of ours", async () => {
  const { users, ...args } = await read({ front: "none" });
  assert.deepEqual(JSON.parse(JSON.stringify(args)), { hostnames: ["localhost"], front: "none" });
  assert.deepEqual(users, [{ name: "admin" }]);
  assert.equal((await read({ front: "bunker" })).front, "bunker", "left to the validation of arguments");
});

test("users have the passwords of their names, secret, and their generations", async () => {
  const { users } = await read(
    { users: [{ name: "ci", passwordGeneration: 2 }, { name: "alice" }] },
    { "password-alice": "correct horse" },
  );
  const [ci, alice] = users ?? [];
  assert.deepEqual([ci?.name, ci?.password, ci?.passwordGeneration], ["ci", undefined, 2]);
  assert.deepEqual([alice?.name, alice?.passwordGeneration], ["alice", undefined]);
  assert.equal(await pulumi.isSecret(pulumi.output(alice?.password)), true);
  assert.equal(await valueIn(pulumi.output(alice?.password)), "correct horse");
});

test("the user of a stack that names none may have a password of its own", async () => {
  const { users } = await read({}, { "password-admin": "correct horse" });
  assert.equal(users?.length, 1);
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "correct horse");
});

test("a password of digits stays text", async () => {
  const { users } = await read({}, { "password-admin": "007" });
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "007");
});

test("an empty password is passed on, to be refused, instead of one generated in silence", async () => {
  const { users } = await read({}, { "password-admin": "" });
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "");
});

test("an encrypted password within the settings is one, and stays secret", async () => {
  const { users } = await read({ users: [{ name: "ci", password: "correct horse" }] }, {}, ["settings"]);
  assert.equal(await pulumi.isSecret(pulumi.output(users?.[0]?.password)), true);
  assert.equal(await valueIn(pulumi.output(users?.[0]?.password)), "correct horse");
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
    assert.equal((await read({ proxyImage: "nginx:1" })).proxyImage, "nginx:1");
  } finally {
    delete process.env.PRIVATE_REGISTRY_PROXY_IMAGE;
    delete process.env.PRIVATE_REGISTRY_WAF_IMAGE;
  }
});

test("the keeper is from the image that set-up names, and left out where it says that there is none", async () => {
  process.env.PRIVATE_REGISTRY_KEEPER_IMAGE = "localhost/node";
  try {
    assert.equal((await read({})).keeperImage, "localhost/node");
    assert.equal((await read({ keeperImage: "node:22" })).keeperImage, "node:22");
    process.env.PRIVATE_REGISTRY_KEEPER_IMAGE = "none";
    const settings = {
      keeper: { undoDays: 3 },
      retention: [{ repositories: ["**"], maxTags: 9 }],
      diskGuard: { refuseAtPercent: 95 },
      quotas: [{ repositories: ["**"], maxMib: 9 }],
      backup: { folder: "/mnt/backup" },
    };
    const { keeper: without, keeperImage, retention, diskGuard, quotas, backup } = await read(settings);
    assert.deepEqual([without, keeperImage], [{ undoDays: 3, enabled: false }, undefined]);
    assert.deepEqual([diskGuard, quotas, backup], [undefined, undefined, undefined]);
    assert.equal(retention, undefined, "rules that need one are no reason to have no registry");
    assert.equal((await read({ keeperImage: "node:22" })).keeper, undefined, "there is another one");
  } finally {
    delete process.env.PRIVATE_REGISTRY_KEEPER_IMAGE;
  }
});

test("the last day of a login may be written without quotes, which the engine takes for a time", async () => {
  const users = ["2027-01-31", "2027-01-31 00:00:00 +0000 UTC", "2027-01-31 10:00:00 +0000 UTC"].map(
    (expires, index) => ({ name: `user${index}`, expires }),
  );
  const args = await read({ users });
  assert.deepEqual(
    args.users?.map(({ expires }) => expires),
    ["2027-01-31", "2027-01-31", "2027-01-31 10:00:00 +0000 UTC"],
  );
});

test("the HMAC key of an account binding stands beside the settings, secret", async () => {
  const { acme: given } = await read({ certificateSource: "acme", acme }, { acmeEabHmacKey: "a2V5" });
  assert.equal(await valueIn(pulumi.output(given?.eabHmacKey)), "a2V5");
  assert.equal(await pulumi.isSecret(pulumi.output(given?.eabHmacKey)), true);
});

test("the secrets of backups stand beside the settings, secret, and its image is the one of set-up", async () => {
  process.env.PRIVATE_REGISTRY_BACKUP_IMAGE = "localhost/restic";
  try {
    const [sftp, s3] = [
      { host: "backup", user: "a", folder: "/a", hostKeys: ["ssh-ed25519 AAAA"] },
      { endpoint: "https://s3", bucket: "registry", accessKey: "key" },
    ];
    const { backup } = await read(
      { backup: { sftp, s3 } },
      { backupPassword: "one", backupSshPrivateKey: "two", backupSecretKey: "three" },
    );
    assert.equal(backup?.image, "localhost/restic");
    for (const [secret, value] of [
      [backup?.password, "one"],
      [backup?.sftp?.privateKey, "two"],
      [backup?.s3?.secretKey, "three"],
    ] as const) {
      assert.equal(await valueIn(pulumi.output(secret)), value);
      assert.equal(await pulumi.isSecret(pulumi.output(secret)), true);
    }
  } finally {
    delete process.env.PRIVATE_REGISTRY_BACKUP_IMAGE;
  }
});

test("the secrets of a bucket stand beside the settings, secret, also where no other option of the registry is given", async () => {
  const { storage: kept, registry: options } = await read(
    { storage: { s3: { bucket: "registry", region: "here", accessKey: "key" } } },
    { storageSecretKey: "one", registryHttpSecret: "two" },
  );
  for (const [secret, value] of [
    [kept?.s3?.secretKey, "one"],
    [options?.httpSecret, "two"],
  ] as const) {
    assert.equal(await valueIn(pulumi.output(secret)), value);
    assert.equal(await pulumi.isSecret(pulumi.output(secret)), true);
  }
});
