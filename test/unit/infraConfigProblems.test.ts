import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { problems, read } from "../support/infraConfig";

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
