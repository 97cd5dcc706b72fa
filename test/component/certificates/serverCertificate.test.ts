import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { KeyAlgorithm, type ServerCertificateArgs } from "../../../components/certificates/args";
import { ServerCertificate } from "../../../components/certificates/serverCertificate";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const args: ServerCertificateArgs = {
  hostnames: ["registry.example.com", "192.0.2.7", "*.example.net", "2001:db8::7"],
  caCertificatePem: "the authority",
  caPrivateKeyPem: "key of the authority",
};

const certificate = (change: Partial<ServerCertificateArgs> = {}) =>
  new ServerCertificate("web", { ...args, ...change });

test("a server certificate is a key, a request and a signed leaf, children of the component", async () => {
  const { resources } = await declare(certificate);
  assert.deepEqual(
    resources.map(({ type, name, parent }) => [type, name, parent]),
    [
      ["private-registry:ServerCertificate", "web", ""],
      ["tls:PrivateKey", "web-key", "web"],
      ["tls:CertRequest", "web-request", "web"],
      ["tls:LocallySignedCert", "web-certificate", "web"],
    ],
  );
});

test("names go to DNS names and addresses to IP addresses, and the first is the common name", async () => {
  const { get } = await declare(certificate);
  assert.deepEqual(get("web-request").inputs, {
    privateKeyPem: "private key of web-key",
    dnsNames: ["registry.example.com", "*.example.net"],
    ipAddresses: ["192.0.2.7", "2001:db8::7"],
    subject: { commonName: "registry.example.com", organization: "Private Registry" },
  });
});

test("the leaf is for servers alone, lives a year and is renewed in its last 60 days", async () => {
  const { get } = await declare(certificate);
  assert.deepEqual(get("web-certificate").inputs, {
    certRequestPem: "request of web-request",
    caCertPem: "the authority",
    caPrivateKeyPem: "key of the authority",
    allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
    validityPeriodHours: 8760,
    earlyRenewalHours: 1440,
  });
  assert.deepEqual(get("web-certificate").ignoreChanges, [], "a changed name or life must reach it");
});

test("life, renewal and key follow the settings", async () => {
  const { get } = await declare(() =>
    certificate({ certificate: { validityDays: 90, renewalDays: 30, keyAlgorithm: KeyAlgorithm.EcdsaP384 } }),
  );
  const { validityPeriodHours, earlyRenewalHours } = get("web-certificate").inputs;
  assert.deepEqual([validityPeriodHours, earlyRenewalHours], [2160, 720]);
  assert.deepEqual(get("web-key").inputs, { algorithm: "ECDSA", ecdsaCurve: "P384" });
});

test("no private key shows in any resource, and the output is secret", async () => {
  const { result, resources } = await declare(certificate);
  for (const { name, shown } of resources) {
    assert.ok(!/key of/.test(shown), name);
  }
  assert.equal(await pulumi.isSecret(result.privateKeyPem), true);
  assert.equal(await pulumi.isSecret(result.certificatePem), false);
  assert.equal(await valueIn(result.certificatePem), "certificate of web-certificate");
});

test("bad names and settings are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(() =>
    certificate({ hostnames: ["https://a.example"], certificate: { validityDays: 826 } }),
  );
  assert.match(
    message,
    /^web cannot be created:\n {2}- hostnames\[0\]: .*\n {2}- certificate\.validityDays: 826/,
  );
  assert.deepEqual(resources, []);
});
