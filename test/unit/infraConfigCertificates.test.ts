import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { certificate, problems, read } from "../support/infraConfig";
import { valueIn } from "../support/mocks";

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
