import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CertificateArgs } from "../../../components";
import { KeyAlgorithm } from "../../../components/certificates/args";
import { resolvedCertificateSettings } from "../../../components/certificates/defaults";
import { certificateSettingsProblems } from "../../../components/certificates/settingProblems";

const problems = (settings: CertificateArgs, argument?: string) =>
  certificateSettingsProblems(resolvedCertificateSettings(settings), argument);

describe("settings of generated certificates", () => {
  test("accepts nothing at all and a full set", () => {
    assert.deepEqual(problems({}), []);
    const full = {
      validityDays: 825,
      renewalDays: 824,
      caValidityDays: 826,
      keyAlgorithm: KeyAlgorithm.Rsa2048,
      organization: "Müller & Söhne",
      organizationalUnit: "IT",
      country: "CN",
      province: "上海",
      locality: "上海",
    };
    assert.deepEqual(problems(full), []);
  });

  test("fails for a life of the server certificate beyond what macOS accepts", () => {
    assert.deepEqual(problems({ validityDays: 826 }), [
      "certificate.validityDays: 826 is out of range; write a whole number from 1 to 825",
    ]);
  });

  test("fails for days that are not whole or not positive, each in its own message", () => {
    assert.deepEqual(problems({ validityDays: 1.5, renewalDays: 0, caValidityDays: -1 }, "tls"), [
      "tls.validityDays: 1.5 is out of range; write a whole number from 1 to 825",
      "tls.renewalDays: 0 is out of range; write a whole number from 1 to 825",
      "tls.caValidityDays: -1 is out of range; write a whole number from 1 to 36500",
    ]);
  });

  test("fails for a renewal window that is not shorter than the validity, defaults included", () => {
    assert.deepEqual(problems({ validityDays: 60 }), [
      "certificate.renewalDays: 60 is not shorter than validityDays (60), so every up would renew; write less than 60",
    ]);
  });

  test("fails for an authority that does not outlive the server certificate", () => {
    assert.deepEqual(problems({ caValidityDays: 365 }), [
      "certificate.caValidityDays: 365 is not longer than validityDays (365); write more than 365, such as 3650",
    ]);
  });

  for (const country of ["China", "cn", "C1", ""]) {
    test(`fails for the country "${country}"`, () => {
      assert.deepEqual(problems({ country }), [
        `certificate.country: "${country}" is not a country code; write two capital letters, such as "CN"`,
      ]);
    });
  }

  test("fails for subject fields that are empty, too long or have a control character", () => {
    assert.deepEqual(
      problems({
        organization: " ",
        organizationalUnit: "x".repeat(65),
        locality: "a\nb",
      }),
      [
        "certificate.organization: is empty; write a name, or leave it out",
        "certificate.organizationalUnit: has 65 characters; write 64 at most",
        'certificate.locality: "a\\nb" has a control character in it; write plain text',
      ],
    );
  });
});
