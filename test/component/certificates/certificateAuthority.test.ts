import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { KeyAlgorithm } from "../../../components/certificates/args";
import { CertificateAuthority } from "../../../components/certificates/certificateAuthority";
import { declare, declareFailing, valueIn } from "../../support/mocks";

test("an authority is a key and a self-signed root, children of the component", async () => {
  const { resources } = await declare(() => new CertificateAuthority("ca"));
  assert.deepEqual(
    resources.map(({ type, name, parent }) => [type, name, parent]),
    [
      ["private-registry:CertificateAuthority", "ca", ""],
      ["tls:PrivateKey", "ca-key", "ca"],
      ["tls:SelfSignedCert", "ca-certificate", "ca"],
    ],
  );
});

test("the root is an ECDSA P-256 authority of ten years that signs certificates and nothing else", async () => {
  const { get } = await declare(() => new CertificateAuthority("ca"));
  assert.deepEqual(get("ca-key").inputs, { algorithm: "ECDSA", ecdsaCurve: "P256" });
  assert.deepEqual(get("ca-certificate").inputs, {
    privateKeyPem: "private key of ca-key",
    isCaCertificate: true,
    allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
    validityPeriodHours: 87_600,
    subject: { commonName: "ca certificate authority", organization: "Private Registry" },
  });
});

test("key, life and subject follow the settings", async () => {
  const certificate = {
    keyAlgorithm: KeyAlgorithm.Rsa3072,
    caValidityDays: 1000,
    organization: "Example Ltd",
    organizationalUnit: "Platform",
    country: "GB",
    province: "Kent",
    locality: "Deal",
  };
  const { get } = await declare(() => new CertificateAuthority("ca", { certificate, commonName: "our CA" }));
  assert.deepEqual(get("ca-key").inputs, { algorithm: "RSA", rsaBits: 3072 });
  const { subject, validityPeriodHours } = get("ca-certificate").inputs;
  assert.equal(validityPeriodHours, 24_000);
  assert.deepEqual(subject, {
    commonName: "our CA",
    organization: "Example Ltd",
    organizationalUnit: "Platform",
    country: "GB",
    province: "Kent",
    locality: "Deal",
  });
});

test("a common name longer than certificates hold is cut", async () => {
  const { get } = await declare(() => new CertificateAuthority("ca", { commonName: "a".repeat(100) }));
  assert.equal(get("ca-certificate").inputs.subject.commonName, "a".repeat(64));
});

test("nothing but a raised generation replaces the authority", async () => {
  const { get } = await declare(() => new CertificateAuthority("ca"));
  assert.deepEqual(get("ca-key").ignoreChanges, ["algorithm", "ecdsaCurve", "rsaBits"]);
  assert.deepEqual(get("ca-certificate").ignoreChanges, ["subject", "validityPeriodHours"]);
});

test("a raised generation adds an authority, and the old one signs until it is retired", async () => {
  const overlap = await declare(() => new CertificateAuthority("ca", { generation: 2 }));
  assert.deepEqual(overlap.resources.map(({ name }) => name).sort(), [
    "ca",
    "ca-certificate",
    "ca-certificate-2",
    "ca-key",
    "ca-key-2",
  ]);
  const { certificatePem, privateKeyPem, bundlePem } = overlap.result;
  assert.equal(await valueIn(certificatePem), "certificate of ca-certificate");
  assert.equal(await valueIn(privateKeyPem), "private key of ca-key");
  assert.equal(
    await valueIn(bundlePem),
    "certificate of ca-certificate\ncertificate of ca-certificate-2\n",
    "oldest first",
  );

  const retired = await declare(
    () => new CertificateAuthority("ca", { generation: 2, retiredGeneration: 1 }),
  );
  assert.deepEqual(
    retired.resources.map(({ name }) => name),
    ["ca", "ca-key-2", "ca-certificate-2"],
  );
  assert.equal(await valueIn(retired.result.certificatePem), "certificate of ca-certificate-2");
  assert.equal(await valueIn(retired.result.bundlePem), "certificate of ca-certificate-2\n");
});

test("each generation after the first has its number at the end of its common name, however long that is", async () => {
  const { get } = await declare(
    () =>
      new CertificateAuthority("ca", { commonName: "a".repeat(100), generation: 12, retiredGeneration: 10 }),
  );
  assert.equal(get("ca-certificate-12").inputs.subject.commonName, `${"a".repeat(61)} 12`);
  assert.equal(get("ca-certificate-11").inputs.subject.commonName, `${"a".repeat(61)} 11`);
});

test("the private key is secret, the certificate is not", async () => {
  const { result, resources } = await declare(() => new CertificateAuthority("ca"));
  assert.equal(await pulumi.isSecret(result.privateKeyPem), true);
  assert.equal(await pulumi.isSecret(result.certificatePem), false);
  assert.equal(await valueIn(result.certificatePem), "certificate of ca-certificate");
  assert.equal(await valueIn(result.expiresAt), "2099-01-01T00:00:00Z");
  assert.ok(resources.every(({ shown }) => !shown.includes("private key of")));
});

test("bad settings are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(
    () =>
      new CertificateAuthority("ca", {
        certificate: { country: "gb", caValidityDays: 0 },
        generation: 0,
        retiredGeneration: 0.5,
      }),
  );
  assert.match(
    message,
    /^ca cannot be created:\n {2}- certificate\.caValidityDays: 0 .*\n {2}- certificate\.country: "gb" .*\n {2}- generation: 0 .*\n {2}- retiredGeneration: 0\.5 /,
  );
  assert.deepEqual(resources, []);
});

test("what the component waits for, its first child waits for", async () => {
  const { get } = await declare(() => {
    const before = new CertificateAuthority("before");
    return new CertificateAuthority("ca", {}, { dependsOn: before });
  });
  assert.ok(get("ca-key").dependsOn.includes("before-key"));
});
