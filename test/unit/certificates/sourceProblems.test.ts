import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AcmeArgs, PrivateRegistryArgs } from "../../../components";
import { acmeNameProblems } from "../../../components/certificates/acme/problems";
import { CertificateSource } from "../../../components/certificates/args";
import { certificateSourceProblems } from "../../../components/certificates/sourceProblems";
import { resolvedPrivateRegistry } from "../../../components/privateRegistryDefaults";
import { selfSigned } from "../../support/certificates";

const hostnames = ["registry.example.com"];
const own = { certificatePem: "CERTIFICATE", privateKeyPem: "KEY" };
const acme = { email: "admin@example.com" };

function sourceProblems(change: Partial<PrivateRegistryArgs>): string[] {
  const args = { hostnames, ...change };
  return certificateSourceProblems(args, resolvedPrivateRegistry(args));
}

describe("the source of the certificate", () => {
  const problems = sourceProblems;

  test("is generated, or your own where one is given, without being named", () => {
    assert.deepEqual(problems({ certificate: { validityDays: 90 }, caGeneration: 2 }), []);
    assert.deepEqual(problems({ ownCertificate: own }), []);
    assert.deepEqual(problems({ ownCertificate: own, certificateSource: CertificateSource.Own }), []);
  });

  test("must be one of the four", () => {
    const certificateSource = "letsencrypt" as CertificateSource;
    assert.deepEqual(problems({ certificateSource }), [
      'certificateSource: "letsencrypt" is not one of the choices; write one of "generated", "own", "acme", "none"',
    ]);
  });

  test("needs what it is made of", () => {
    assert.deepEqual(problems({ certificateSource: CertificateSource.Own }), [
      'certificateSource: "own" needs a certificate; give ownCertificate too',
    ]);
    assert.ok(
      problems({ certificateSource: CertificateSource.Acme }).includes(
        'certificateSource: "acme" needs an account; write acme: { email: "admin@example.com" } too',
      ),
    );
  });

  test("refuses the settings of another one, which would be ignored in silence", () => {
    assert.deepEqual(problems({ acme }), [
      'acme: is for a certificate of the source "acme", and this one is "generated"; leave it out, or write "acme" in certificateSource',
    ]);
    assert.deepEqual(problems({ ownCertificate: own, certificateSource: CertificateSource.Generated }), [
      'ownCertificate: is for a certificate of the source "own", and this one is "generated"; leave it out, or write "own" in certificateSource',
    ]);
    const stray = { ownCertificate: own, certificate: {}, caGeneration: 2, caRetiredGeneration: 1 };
    assert.equal(problems(stray).length, 3);
    assert.deepEqual(problems({ ownCertificate: own, ownAuthority: own }), [
      'ownAuthority: is for a certificate of the source "generated", and this one is "own"; leave it out, or write "generated" in certificateSource',
    ]);
    assert.deepEqual(problems({ ownAuthority: own, certificate: {}, caGeneration: 2 }), [
      "caGeneration: is for the generated authority, and ownAuthority signs; leave it out, or set keepGeneratedAuthority",
    ]);
  });

  test("lets the generated authority stay beside another source, with its settings", () => {
    const kept = { keepGeneratedAuthority: true, certificate: {}, caGeneration: 2, caRetiredGeneration: 1 };
    assert.deepEqual(problems({ ...kept, ownCertificate: own }), []);
    assert.deepEqual(problems({ ...kept, ownAuthority: own }), []);
  });

  test("lets the settings of generated certificates be those of the clients'", () => {
    const settings = { certificate: {}, caGeneration: 2, caRetiredGeneration: 1 };
    const clients = { requireClientCertificates: true, ...settings };
    assert.deepEqual(problems({ ...clients, ownCertificate: own }), []);
    assert.deepEqual(problems({ ...clients, ownAuthority: own }), []);
  });
});

describe("settings of an ACME server", () => {
  const problems = (settings: Partial<AcmeArgs>) =>
    sourceProblems({
      certificateSource: CertificateSource.Acme,
      acme: { ...acme, ...settings },
    });

  test("accepts an address alone and a full set", () => {
    assert.deepEqual(problems({}), []);
    const pem = selfSigned("ca.example.com").certificatePem;
    assert.deepEqual(
      problems({
        directoryUrl: "https://ca:14000/acme/acme/directory",
        challengePort: 8080,
        directoryCaPem: pem,
        rootCaPem: pem,
        renewalDays: 1,
        image: "registry.example.com/lego:4",
      }),
      [],
    );
  });

  test("fails for each bad value with its own message", () => {
    assert.deepEqual(
      problems({
        email: "admin",
        directoryUrl: "http://ca.example.com/directory",
        challengePort: 443,
        directoryCaPem: "/etc/ssl/ca.crt",
        rootCaPem: "-----BEGIN EC PRIVATE KEY-----",
        renewalDays: 0,
        image: "https://lego",
      }).map((problem) => problem.split(";")[0]),
      [
        'acme.email: "admin" is not an address',
        'acme.directoryUrl: "http://ca.example.com/directory" is not an HTTPS URL',
        "acme.directoryCaPem: holds no certificate in PEM form",
        "acme.renewalDays: 0 is out of range",
        "acme.challengePort: 443 is the registry's own port",
        "acme.rootCaPem: holds a private key, and this text is handed out",
        'acme.image: "https://lego" has a scheme in it',
      ],
    );
  });
});

describe("names for an ACME server", () => {
  test("are refused as wildcards and addresses, and by Let's Encrypt if the public DNS lacks them", () => {
    const names = {
      hostnames: ["registry.example.com", "192.0.2.7", "registry"],
      extraSans: ["*.example.com"],
    };
    assert.deepEqual(
      acmeNameProblems(names).map((problem) => problem.split(";")[0]),
      [
        'hostnames[1]: "192.0.2.7" is an IP address, and ACME servers issue only short-lived certificates for those',
        'hostnames[2]: "registry" is not a name in the public DNS, and Let\'s Encrypt issues only for those',
        'extraSans[0]: "*.example.com" is a wildcard, which HTTP-01 cannot confirm',
      ],
    );
    assert.equal(acmeNameProblems(names, "https://acme-staging-v02.api.letsencrypt.org/directory").length, 3);
    assert.equal(acmeNameProblems(names, "https://ca.example.com/directory").length, 2);
  });
});
