import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { ClientCertificates, Front, PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { selfSigned } from "../../support/certificates";
import { filesOf, folderOf, namedFilesOf } from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const certificates = (args: Partial<ConstructorParameters<typeof ClientCertificates>[1]> = {}) =>
  declare(() => new ClientCertificates("clients", { users: ["ci", "alice"], commonName: "ours", ...args }));

const registry = (args: Partial<PrivateRegistryArgs>) =>
  declare(() => new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args }));

test("every user has a key, a request and a certificate for clients, under an authority of their own", async () => {
  const { resources, get, result } = await certificates();
  assert.deepEqual(
    resources.map(({ name, parent }) => `${name} < ${parent}`).sort(),
    [
      "clients < ",
      "clients-ca < clients",
      "clients-ca-certificate < clients-ca",
      "clients-ca-key < clients-ca",
      ...["alice", "ci"].flatMap((user) =>
        ["certificate", "key", "request"].map((role) => `clients-${role}-${user} < clients`),
      ),
    ].sort(),
  );
  assert.equal(get("clients-request-alice").inputs.subject.commonName, "alice");
  const { allowedUses, caCertPem, validityPeriodHours } = get("clients-certificate-alice").inputs;
  assert.deepEqual(allowedUses, ["digital_signature", "client_auth"]);
  assert.equal(caCertPem, "certificate of clients-ca-certificate");
  assert.equal(validityPeriodHours, 8760);
  assert.deepEqual((await valueIn(result.certificates)).ci, {
    certificatePem: "certificate of clients-certificate-ci",
    privateKeyPem: "private key of clients-key-ci",
  });
});

test("keys are secret in the output and in every resource", async () => {
  const { resources, result } = await certificates();
  assert.equal(await pulumi.isSecret(result.certificates), true);
  assert.equal(await pulumi.isSecret(result.authorityPem), false);
  assert.ok(resources.every(({ shown }) => !shown.includes("private key of")));
});

test("of two generations the newer signs, and certificates of both are let in", async () => {
  const { get, result } = await certificates({ generation: 2 });
  assert.equal(get("clients-certificate-ci").inputs.caCertPem, "certificate of clients-ca-certificate-2");
  assert.equal(
    await valueIn(result.authorityPem),
    "certificate of clients-ca-certificate\ncertificate of clients-ca-certificate-2\n",
  );
  const retired = await certificates({ generation: 2, retiredGeneration: 1 });
  assert.equal(await valueIn(retired.result.authorityPem), "certificate of clients-ca-certificate-2\n");
});

test("a registry asks for certificates only if it is told to, also with a certificate of your own", async () => {
  const clientCaOf = ({ get }: Awaited<ReturnType<typeof registry>>) =>
    Object.entries(filesOf(get("main-proxy-files"))).find(([path]) => path.endsWith("/client-ca.crt"))?.[1];
  const without = await registry({});
  assert.equal(clientCaOf(without), undefined);
  assert.ok(without.resources.every(({ name }) => !name.includes("main-clients")));

  const own = selfSigned("registry.example.com");
  const ownCertificate = { ...own, caCertificatePem: own.certificatePem };
  for (const source of [{}, { ownCertificate, certificate: { validityDays: 90 }, caGeneration: 1 }]) {
    const asking = await registry({ ...source, requireClientCertificates: true });
    assert.equal(clientCaOf(asking), "certificate of main-clients-ca-certificate\n");
  }
});

test("a registry without a proxy asks for them itself", async () => {
  const { get } = await registry({ front: Front.Direct, requireClientCertificates: true });
  const files = namedFilesOf(get("main-registry-files"));
  const path = `${folderOf(get("main-registry-files"))}/client-ca.crt`;
  assert.equal(files["client-ca.crt"], "certificate of main-clients-ca-certificate\n");
  assert.deepEqual(parse(files["config.yml"] ?? "").http.tls.clientcas, [path]);
  const open = namedFilesOf((await registry({ front: Front.Direct })).get("main-registry-files"));
  assert.equal(parse(open["config.yml"] ?? "").http.tls.clientcas, undefined);
});

test("the files of a client have the certificate of their user, and are secret then", async () => {
  const { result } = await registry({
    requireClientCertificates: true,
    users: [{ name: "ci" }, { name: "alice" }],
  });
  const folder = "/etc/docker/certs.d/registry.example.com";
  const { [`${folder}/client.cert`]: certificate, [`${folder}/client.key`]: key } = await valueIn(
    result.clientFiles,
  );
  assert.equal(certificate, "certificate of main-clients-certificate-ci\n");
  assert.equal(key, "private key of main-clients-key-ci\n");
  assert.equal(await pulumi.isSecret(result.clientFiles), true);
  assert.match(
    await valueIn(result.installScriptFor("alice")),
    /certificate of main-clients-certificate-alice/,
  );
});

test("names that are no users are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(
    () => new ClientCertificates("clients", { users: ["a:b"], commonName: "ours" }),
  );
  assert.match(message, /^clients cannot be created:\n {2}- users\[0\]\.name: "a:b"/);
  assert.deepEqual(resources, []);
});
