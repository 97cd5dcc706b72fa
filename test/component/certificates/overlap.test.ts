import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { splitPem } from "../../../components/certificates/pem";
import { issuedByIntermediate, selfSigned } from "../../support/certificates";
import { filesOf } from "../../support/containers";
import { type Declaration, declare, declareFailing, valueIn } from "../../support/mocks";

const name = "registry.example.com";
const chained = issuedByIntermediate(name);
const [leaf = "", intermediate = ""] = splitPem(chained.certificatePem);
const extra = selfSigned("next.example.com").certificatePem;
const ownCertificate = { ...chained, caCertificatePem: chained.rootPem };
const ownAuthority = {
  certificatePem: intermediate,
  privateKeyPem: chained.intermediateKeyPem,
  rootPem: chained.rootPem,
};

const registry = (args: Partial<PrivateRegistryArgs>) =>
  declare(() => new PrivateRegistry("main", { hostnames: [name], ...args }));

/** Texts without the line breaks at their ends. */
const pem = (...texts: string[]) => texts.map((text) => text.trim()).join("\n");
const trusted = async ({ result }: Declaration<PrivateRegistry>) =>
  (await valueIn(result.caCertificate)).trim();
const authorities = ({ resources }: Declaration<PrivateRegistry>) =>
  resources.filter(({ type }) => type === "tls:SelfSignedCert").map((resource) => resource.name);

function served({ get }: Declaration<PrivateRegistry>): string {
  const files = Object.entries(filesOf(get("main-proxy-files")));
  return files.find(([path]) => path.endsWith("/server.crt"))?.[1].trim() ?? "";
}

test("while two generations overlap the old one signs and clients trust both; then the new one alone", async () => {
  const overlap = await registry({ caGeneration: 2 });
  const { inputs } = overlap.get("main-certificate-certificate");
  assert.equal(inputs.caCertPem, "certificate of main-ca-certificate");
  assert.equal(inputs.caPrivateKeyPem, "private key of main-ca-key");
  const both = "certificate of main-ca-certificate\ncertificate of main-ca-certificate-2";
  assert.equal(await trusted(overlap), both);

  const retired = await registry({ caGeneration: 2, caRetiredGeneration: 1 });
  assert.deepEqual(authorities(retired), ["main-ca-certificate-2"]);
  assert.equal(await trusted(retired), "certificate of main-ca-certificate-2");
  assert.equal(
    retired.get("main-certificate-certificate").inputs.caCertPem,
    "certificate of main-ca-certificate-2",
  );
});

test("a retired generation must leave one", async () => {
  const { message } = await declareFailing(
    () => new PrivateRegistry("main", { hostnames: [name], caRetiredGeneration: 1 }),
  );
  assert.match(message, /caRetiredGeneration: 1 leaves no authority of caGeneration 1; write less than 1/);
});

test("an own certificate is served with its intermediates and without its root, wherever that is given", async () => {
  for (const args of [
    ownCertificate,
    { ...ownCertificate, certificatePem: leaf, chainPem: pem(intermediate, chained.rootPem) },
    { ...ownCertificate, certificatePem: `Subject: a comment\n${pem(leaf, intermediate, chained.rootPem)}` },
  ]) {
    assert.equal(served(await registry({ ownCertificate: args })), pem(leaf, intermediate));
  }
});

test("an own authority signs in place of a generated one, and is served if it is not the root", async () => {
  const below = await registry({ ownAuthority });
  assert.deepEqual(authorities(below), []);
  const { inputs, shown } = below.get("main-certificate-certificate");
  assert.equal(inputs.caCertPem, intermediate);
  assert.equal(inputs.caPrivateKeyPem, chained.intermediateKeyPem.trim());
  assert.ok(!shown.includes("PRIVATE KEY"));
  assert.ok(served(below).endsWith(intermediate) && !served(below).includes(pem(chained.rootPem)));
  assert.equal(await trusted(below), pem(chained.rootPem));
  assert.ok(below.resources.every((resource) => !resource.shown.includes("PRIVATE KEY")));

  const root = selfSigned("our root");
  const top = await registry({ ownAuthority: root });
  assert.equal(served(top), "certificate of main-certificate-certificate");
  assert.equal(await trusted(top), pem(root.certificatePem));
  assert.equal(await valueIn(top.result.certificateDaysLeft), 29, "those of the authority, which ends first");
});

test("the parameters of a curve before an authority's key are left out, as the provider refuses them", async () => {
  const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  const { get } = await registry({
    ownAuthority: { ...ownAuthority, privateKeyPem: pulumi.secret(parameters + chained.intermediateKeyPem) },
  });
  assert.equal(get("main-certificate-certificate").inputs.caPrivateKeyPem, chained.intermediateKeyPem.trim());
});

test("the end that is told is that of what ends first: the certificate, or what signs it", async () => {
  const end = async (authority: string) => {
    const state = { "main-ca-certificate": { validityEndTime: authority } };
    const { result } = await declare(() => new PrivateRegistry("main", { hostnames: [name] }), { state });
    return valueIn(result.certificateExpiresAt);
  };
  assert.equal(await end("2098-12-31T00:00:00Z"), "2098-12-31T00:00:00Z");
  assert.equal(await end("2100-01-01T00:00:00Z"), "2099-01-01T00:00:00Z");
});

test("clients trust what was and what will be, as long as they are told to", async () => {
  const before = await registry({ extraCaCertificatesPem: extra });
  assert.equal(await trusted(before), pem("certificate of main-ca-certificate", extra));

  for (const own of [{ ownCertificate }, { ownAuthority }]) {
    const kept = await registry({ ...own, keepGeneratedAuthority: true, certificate: { validityDays: 90 } });
    assert.deepEqual(authorities(kept), ["main-ca-certificate"]);
    assert.equal(await trusted(kept), pem(chained.rootPem, "certificate of main-ca-certificate"));
    const alone = await registry(own);
    assert.deepEqual(authorities(alone), []);
    assert.equal(await trusted(alone), pem(chained.rootPem));
  }
});

test("a bad authority is refused before anything but the component exists", async () => {
  const bad = { ...ownAuthority, certificatePem: pem(leaf, intermediate) };
  const { message, resources } = await declareFailing(
    () =>
      new PrivateRegistry("main", {
        hostnames: [name],
        ownAuthority: { ...bad, privateKeyPem: pulumi.secret(chained.privateKeyPem) },
        extraCaCertificatesPem: leaf,
      }),
  );
  assert.match(
    message,
    /^main cannot be created:\n {2}- ownAuthority\.certificatePem: "registry\.example\.com" is not a certificate authority;.*\n {2}- extraCaCertificatesPem: "registry\.example\.com" is not a certificate authority;.*$/,
  );
  assert.deepEqual(
    resources.map((resource) => resource.name),
    ["main"],
  );
});
