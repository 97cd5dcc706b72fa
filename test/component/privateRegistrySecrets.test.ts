import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../components";
import { selfSigned } from "../support/certificates";
import { filesOf } from "../support/containers";
import { declare, declareFailing, valueIn } from "../support/mocks";

const password = "correct horse battery";
const own = selfSigned("registry.example.com");
const other = selfSigned("registry.example.com");
const ownCertificate = { ...own, caCertificatePem: own.certificatePem };

const args: PrivateRegistryArgs = {
  hostnames: ["registry.example.com"],
  users: [{ name: "alice", password }, { name: "ci" }],
};

const registry = (change: Partial<PrivateRegistryArgs> = {}) =>
  declare(() => new PrivateRegistry("main", { ...args, ...change }));

const failing = (change: Partial<PrivateRegistryArgs>) =>
  declareFailing(() => new PrivateRegistry("main", { ...args, ...change }));

test("outputs that hold a password are secret, what everybody may know is not", async () => {
  const { result } = await registry();
  for (const name of ["credentials", "dockerConfigJson", "installScript"] as const) {
    assert.equal(await pulumi.isSecret<unknown>(result[name]), true, name);
  }
  for (const name of [
    "endpoint",
    "caCertificate",
    "clientFiles",
    "daemonJson",
    "hostsEntry",
    "certificateExpiresAt",
    "certificateDaysLeft",
    "expiringUsers",
    "dataLocation",
  ] as const) {
    assert.equal(await pulumi.isSecret<unknown>(result[name]), false, name);
  }
});

test("outputs are for the first user, or the one that was named", async () => {
  const auth = async (change: Partial<PrivateRegistryArgs>) => {
    const { result } = await registry(change);
    const { auths } = JSON.parse(await valueIn(result.dockerConfigJson));
    return Buffer.from(auths["registry.example.com"].auth, "base64").toString();
  };
  assert.equal(await auth({}), `alice:${password}`);
  assert.match(await auth({ clientUser: "ci" }), /^ci:[0-9a-f]{32}$/);
});

test("no password, hash or key shows in any resource, the components' own records included", async () => {
  const overrides = { proxy: { remoteurl: "https://hub.example.com", password: "hunter22" } };
  const { resources, result } = await registry({ registryConfigOverrides: overrides });
  const { ci } = await valueIn(result.credentials);
  for (const { name, shown } of resources) {
    for (const secret of [password, ci ?? "?", "hunter22", "$2y$", "private key of"]) {
      assert.ok(!shown.includes(secret), `${name} shows ${secret}`);
    }
  }
});

test("the record of the whole says what was asked for, secrets wrapped", async () => {
  const { get } = await registry({ ownCertificate });
  const { shown, inputs } = get("main");
  assert.equal(inputs.ownCertificate.certificatePem, own.certificatePem);
  assert.equal(inputs.users[0].password, password);
  assert.ok(!shown.includes(password) && !shown.includes("PRIVATE KEY"));
});

test("an own certificate makes no authority, and is served with its chain", async () => {
  const chained = { ...ownCertificate, certificatePem: `\n${own.certificatePem}\n\n` };
  const { resources, get, result } = await registry({ ownCertificate: chained });
  assert.deepEqual(
    resources.filter(({ type }) => type.startsWith("tls:") || /Certificate/.test(type)),
    [],
  );
  const files = Object.entries(filesOf(get("main-proxy-files")));
  const text = (name: string) => files.find(([path]) => path.endsWith(`/${name}`))?.[1];
  assert.equal(text("server.crt")?.trim(), own.certificatePem.trim());
  assert.equal(text("server.key"), own.privateKeyPem);
  assert.equal(await valueIn(result.caCertificate), own.certificatePem);
  assert.ok(((await valueIn(result.certificateDaysLeft)) ?? 0) >= 29);
});

test("an own certificate may be an output", async () => {
  const privateKeyPem = pulumi.secret(own.privateKeyPem);
  const { resources } = await registry({ ownCertificate: { ...ownCertificate, privateKeyPem } });
  assert.ok(resources.every(({ shown }) => !shown.includes("PRIVATE KEY")));
});

test("a bad password given as an output is refused before anything but the component exists", async () => {
  for (const bad of ["", `${"p".repeat(73)}`, `${password}\n`]) {
    const { message, resources } = await failing({
      users: [{ name: "ci" }, { name: "alice", password: pulumi.secret(bad) }],
    });
    assert.match(message, /^main cannot be created:\n {2}- users\[1\]\.password: [^\n]*$/);
    assert.ok(bad === "" || !message.includes(bad.trim()));
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["main"],
    );
  }
});

test("an own certificate whose key is another's is refused before anything but the component exists", async () => {
  const { message, resources } = await failing({
    ownCertificate: { ...ownCertificate, privateKeyPem: pulumi.secret(other.privateKeyPem) },
  });
  assert.match(
    message,
    /^main cannot be created:\n {2}- ownCertificate\.privateKeyPem: does not belong to the certificate of [^\n]*$/,
  );
  assert.deepEqual(
    resources.map(({ name }) => name),
    ["main"],
  );
});

test("every bad secret is told of in one message", async () => {
  const { message } = await failing({
    users: [{ name: "alice", password: pulumi.secret("") }],
    ownCertificate: { ...ownCertificate, privateKeyPem: pulumi.secret("hunter22") },
  });
  assert.match(
    message,
    /users\[0\]\.password: .*\n {2}- ownCertificate\.privateKeyPem: is not a private key/,
  );
  assert.doesNotMatch(message, /hunter22/);
});

test("every bad plain argument is told of in one message, and nothing at all is declared", async () => {
  const { message, resources } = await failing({
    hostnames: ["Registry.example.com"],
    port: 0,
    bindAddress: "localhost",
    clientUser: "bob",
    installScriptUsers: ["bob"],
    caGeneration: 1.5,
    storage: { hostPath: "/" },
    timeZone: "CST",
    registryImage: "https://registry",
    labels: { "private-registry.role": "x" },
    users: [{ name: "a:b", password }],
  });
  for (const argument of [
    "hostnames[0]",
    "port",
    "bindAddress",
    "clientUser",
    "installScriptUsers[0]",
    "caGeneration",
    "storage.hostPath",
    "timeZone",
    "registryImage",
    "labels",
    "users[0].name",
  ]) {
    assert.ok(message.includes(`\n  - ${argument}: `), `${argument} in ${message}`);
  }
  assert.ok(!message.includes(password));
  assert.deepEqual(resources, []);
});

test("generated and own certificates exclude each other", async () => {
  const { message, resources } = await failing({ ownCertificate, caGeneration: 2 });
  assert.match(
    message,
    /caGeneration: is for a certificate of the source "generated", and this one is "own"; leave it out/,
  );
  assert.deepEqual(resources, []);
});

test("what a backup logs in with is checked before anything is created, and is not shown", async () => {
  const sftp = { host: "backup.example.com", user: "backup", folder: "/srv", hostKeys: ["ssh-ed25519 AAAA"] };
  const s3 = {
    endpoint: "https://s3.example.com",
    bucket: "backup",
    accessKey: "AKIA",
    secretKey: pulumi.output(""),
  };
  for (const [backup, expected] of [
    [
      { sftp: { ...sftp, privateKey: pulumi.output("hunter22") } },
      /backup\.sftp\.privateKey: is no private key/,
    ],
    [{ s3 }, /backup\.s3\.secretKey: is empty or has a control character in it/],
  ] as const) {
    const { message, resources } = await failing({ backup });
    assert.match(message, expected);
    assert.doesNotMatch(message, /hunter22/);
    assert.equal(resources.filter(({ type }) => type.startsWith("docker:")).length, 0);
  }
});
