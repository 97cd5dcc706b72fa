import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nearest } from "../../../infra/unknownKeys";
import { problems, read, readAll } from "../../support/infraConfig";

test("a misspelt key beside the settings is told of with the command that takes it out", async () => {
  const rule =
    'is none of "settings", "dockerHost", "ownAuthorityPrivateKeyPem", "ownPrivateKeyPem", "acmeEabHmacKey", "backupPassword", "backupSecretKey", "backupSshPrivateKey", "storageSecretKey", "registryHttpSecret", nor "password-" ' +
    "and a name in settings.users; take it out with: npm run -s pulumi -- config rm";
  assert.deepEqual(await problems({}, { prot: 5443, "password-bob": "hunter22" }), [
    `"prot" ${rule} prot`,
    `"password-bob" ${rule} password-bob`,
  ]);
  assert.deepEqual(await problems({}, { "a b$(id)": "x" }), [`"a b$(id)" ${rule} 'a b$(id)'`]);
});

test("config of other projects is none of ours", async () => {
  await read();
  pulumi.runtime.setConfig("docker:host", "ssh://host");
  const { registryArgs } = await import("../../../infra/config.js");
  assert.deepEqual(registryArgs().hostnames, ["localhost"]);
});

test("misspelt keys at every depth are told of at once, with the nearest that there is", async () => {
  const found = await problems({
    prot: 5443,
    certificate: { validityDay: 90 },
    storage: { hostpath: "/srv/registry" },
    logRotation: { maxsize: "9m" },
    proxyResources: { memory: 512 },
    registry: { loglevel: "debug" },
    users: [{ name: "bob", passwordGenerations: 2, email: "bob@example.com" }],
  });
  assert.deepEqual(found, [
    'settings: has no setting "prot"; write "port"',
    'settings.users[0]: has no setting "passwordGenerations"; write "passwordGeneration"',
    'settings.users[0]: has no setting "email"; write one of "name", "password", "passwordGeneration", "groups", "expires"',
    'settings.certificate: has no setting "validityDay"; write "validityDays"',
    'settings.storage: has no setting "hostpath"; write "hostPath"',
    'settings.registry: has no setting "loglevel"; write "logLevel"',
    'settings.logRotation: has no setting "maxsize"; write "maxSize"',
    'settings.proxyResources: has no setting "memory"; write "memoryMib"',
  ]);
});

test("the nearest word is one that a slip of the hand makes of it, and no other", () => {
  const words = ["port", "waf", "front", "memoryMib", "hostnames"];
  for (const [slip, word] of [
    ["prot", "port"],
    ["Port", "port"],
    ["hostname", "hostnames"],
    ["fornt", "front"],
    ["waff", "waf"],
    ["memory", "memoryMib"],
    ["realm", undefined],
    ["", undefined],
  ] as const) {
    assert.equal(nearest(slip, words), word, slip);
  }
});

test("settings that are no map, or that have no name of a host, are told of", async () => {
  assert.deepEqual(await problems({}, { settings: "hunter22" }), ["settings: is text; write a map"]);
  assert.deepEqual(await problems({}, { settings: ["hunter22"] }), ["settings: is a list; write a map"]);
  assert.deepEqual(await problems({}, { settings: null }), ["settings: has no value; write a map"]);
  await assert.rejects(readAll({ settings: {}, dockerHost: "" }), /settings: lacks "hostnames"/);
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
    [{ port: "5443" }, 'port: "5443" is text; write it without quotes'],
    [{ proxyServesBlobs: "no" }, "proxyServesBlobs: is text; write true or false"],
    [{ users: ["admin"] }, "users[0]: is text; write a map"],
    [{ users: { admin: {} } }, "users: is a map; write a list"],
    [{ users: [{ name: 12 }] }, 'users[0].name: 12 is a number; write it in quotes: "12"'],
    [
      { users: [{ name: "admin", passwordGeneration: "2" }] },
      'users[0].passwordGeneration: "2" is text; write it without quotes',
    ],
    [{ registryConfigOverrides: [] }, "registryConfigOverrides: is a list; write a map"],
    [{ waf: { excludedRules: 942100 } }, "waf.excludedRules: 942100 is a number; write a list"],
    [
      { waf: { excludedRules: ["942100"] } },
      'waf.excludedRules[0]: "942100" is text; write it without quotes',
    ],
  ];
  for (const [values, problem] of wrong) {
    assert.deepEqual(await problems({ ...values }), [`settings.${problem}`]);
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
  assert.deepEqual(await problems({ labels: ["team"] }), ["settings.labels: is a list; write a map"]);
  const found = await problems({ storage: JSON.parse('{"__proto__": 1, "constructor": 2}') });
  assert.equal(found.length, 2);
});
