import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PrivateRegistryArgs } from "../../../components";
import { certificateWarnings, daysUntil } from "../../../components/certificates/certificateWarnings";
import { resolvedPrivateRegistry } from "../../../components/privateRegistryDefaults";

const warnings = (args: Partial<PrivateRegistryArgs>, daysLeft: number, authorityDaysLeft?: number) =>
  certificateWarnings(
    resolvedPrivateRegistry({ hostnames: ["registry.example.com"], ...args }),
    daysLeft,
    authorityDaysLeft,
  );

describe("warnings of an up about the certificates", () => {
  test("are none far from every end, with one authority", () => {
    assert.deepEqual(warnings({}, 14, 365), []);
    assert.deepEqual(warnings({ caGeneration: 3, caRetiredGeneration: 2 }, 200), []);
  });

  test("come in the last two weeks of the certificate, and after its end", () => {
    assert.deepEqual(warnings({}, 13, 3000), [
      "the certificate ends in 13 days: raise certificate.renewalDays above 13, then run up",
    ]);
    assert.deepEqual(warnings({}, -1, 3000), ["the certificate ended 1 day ago: run up, which renews it"]);
  });

  test("name what must be replaced, where no renewal helps", () => {
    const ownCertificate = { certificatePem: "CERTIFICATE", privateKeyPem: "KEY" };
    assert.deepEqual(warnings({ ownCertificate }, 1), [
      "the certificate ends in 1 day: give a new ownCertificate",
    ]);
    assert.deepEqual(warnings({ ownCertificate }, -3), [
      "the certificate ended 3 days ago: give a new ownCertificate",
    ]);
    const [certificate, authority] = warnings({}, 5, 5);
    assert.equal(
      certificate,
      "the certificate ends in 5 days: its authority ends as soon, and is to be replaced",
    );
    assert.match(authority ?? "", /^the certificate authority ends in 5 days: raise caGeneration, /);
    assert.match(warnings({}, 100, -2)[0] ?? "", /^the certificate authority ended 2 days ago: /);
  });

  test("come in the last year of the authority, with the way out", () => {
    assert.deepEqual(warnings({}, 100, 364), [
      "the certificate authority ends in 364 days: raise caGeneration, as docs/certificates.md of the package private-registry says step by step",
    ]);
    const ownAuthority = { certificatePem: "CERTIFICATE", privateKeyPem: "KEY" };
    assert.deepEqual(warnings({ ownAuthority }, 100, 1), [
      "the certificate authority ends in 1 day: give the next one as ownAuthority, as docs/certificates.md of the package private-registry says step by step",
    ]);
  });

  test("come while one authority takes over from another, with the next step", () => {
    assert.deepEqual(warnings({ caGeneration: 2 }, 100, 3000), [
      "clients must trust authority 2 while 1 signs: run the install script anew on each, then set caRetiredGeneration to 1",
    ]);
  });

  test("count whole days, downwards", () => {
    const now = new Date("2030-01-01T12:00:00Z");
    assert.equal(daysUntil("2030-01-03T11:59:59Z", now), 1);
    assert.equal(daysUntil("2030-01-01T11:00:00Z", now), -1);
  });
});
