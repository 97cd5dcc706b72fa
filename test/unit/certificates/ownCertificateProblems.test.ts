import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { rootCertificates } from "node:tls";
import { isPubliclyTrusted } from "../../../components/certificates/issuers";
import { ownCertificateProblems } from "../../../components/certificates/ownCertificateProblems";
import { certificateExpiry, splitPem } from "../../../components/certificates/pem";
import { type Certificate, issue } from "../../support/x509";

const names = ["registry.example.com", "*.wild.example", "192.0.2.7"];
const authority = { isAuthority: true, days: 3650 };
const rootKeys = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const root = issue({ ...authority, commonName: "root", keys: rootKeys });
const other = issue({ ...authority, commonName: "other" });
const crossSigned = issue({ ...authority, commonName: "root", keys: rootKeys }, other).certificatePem;
// Without the names of keys only the signature tells one authority from another of the same name.
const middle = issue({ ...authority, commonName: "middle", days: 3000, namesKeys: false }, root);
const made: { readonly [name: string]: Certificate } = {
  root,
  twin: issue({ ...authority, commonName: "root" }),
  other,
  alone: issue({ ...authority, commonName: "alone", names }),
  middle,
  server: issue({ commonName: "server", names, days: 365, purpose: "server" }, middle),
  client: issue({ commonName: "client", names, days: 365, purpose: "client" }, middle),
};
const encryptedKey = made.server?.privateKey.export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-128-cbc",
  passphrase: "secret",
});

// A minute ahead: the certificates above are not valid before they were made.
const now = new Date(Date.now() + 600_000);
const later = (years: number) => new Date(now.getTime() + years * 365 * 24 * 3600 * 1000);
const day = (date: Date) => date.toISOString().slice(0, 10);

/** The text of a file such as "server.crt" or "server.key". */
function pem(file: string): string {
  const [name = "", kind] = file.split(".");
  const certificate = made[name];
  assert.ok(certificate);
  return kind === "key" ? certificate.privateKeyPem : certificate.certificatePem;
}

/** A right set of files, to be made wrong in one place. */
function own(change: Partial<Parameters<typeof ownCertificateProblems>[0]> = {}) {
  return {
    certificatePem: pem("server.crt"),
    privateKeyPem: pem("server.key"),
    chainPem: pem("middle.crt"),
    caCertificatePem: pem("root.crt"),
    hostnames: ["registry.example.com", "192.0.2.7", "any.wild.example"],
    ...change,
  };
}

const problems = (change: Parameters<typeof own>[0] = {}, date = now) =>
  ownCertificateProblems(own(change), date);

describe("a certificate of the user's own", () => {
  test("passes with its chain in a file of its own, in the same file, and with the root at its end", () => {
    assert.deepEqual(problems(), []);
    assert.deepEqual(
      problems({ certificatePem: pem("server.crt") + pem("middle.crt"), chainPem: undefined }),
      [],
    );
    assert.deepEqual(problems({ chainPem: pem("middle.crt") + pem("root.crt") }), []);
  });

  test("passes without a root where a public authority has issued it, or the chain ends with its root", () => {
    const rootless = own({ caCertificatePem: undefined });
    const publicRoots = [new X509Certificate(pem("root.crt"))];
    assert.deepEqual(ownCertificateProblems(rootless, now, undefined, publicRoots), []);
    // What another root has signed is known by its key.
    const chainPem = pem("middle.crt") + crossSigned;
    assert.deepEqual(ownCertificateProblems({ ...rootless, chainPem }, now, undefined, publicRoots), []);
    assert.deepEqual(
      problems({ caCertificatePem: undefined, chainPem: pem("middle.crt") + pem("root.crt") }),
      [],
    );
    const alone = { certificatePem: pem("alone.crt"), privateKeyPem: pem("alone.key"), chainPem: undefined };
    assert.deepEqual(problems({ ...alone, caCertificatePem: pem("alone.crt") }), []);
    assert.deepEqual(problems({ ...alone, caCertificatePem: undefined }), []);
  });

  test("fails without a root where clients could not verify it", () => {
    assert.deepEqual(problems({ caCertificatePem: undefined }), [
      'ownCertificate.caCertificatePem: is absent, and "middle" was issued by "root", which clients do not know; add that certificate to the chain if it is an intermediate, else write it here',
    ]);
    const [publicRoot = ""] = rootCertificates;
    assert.deepEqual(isPubliclyTrusted([new X509Certificate(publicRoot)]), true);
    assert.deepEqual(isPubliclyTrusted([new X509Certificate(pem("root.crt"))]), false);
  });

  test("fails for text that is no PEM, and says so when it is DER", () => {
    const advice = 'write the text from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----"';
    const der = "is DER (openssl x509 -inform der, or openssl pkey -inform der, turns it into PEM)";
    assert.deepEqual(problems({ certificatePem: "server.crt" }), [
      `ownCertificate.certificatePem: holds no certificate in PEM form; ${advice}`,
    ]);
    for (const encoding of ["latin1", "utf8", "base64"] as const) {
      assert.deepEqual(problems({ certificatePem: made.server?.der.toString(encoding) }), [
        `ownCertificate.certificatePem: ${der}; ${advice}`,
      ]);
    }
  });

  test("fails for a damaged block and says which", () => {
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert.deepEqual(problems({ chainPem: pem("middle.crt") + damaged }), [
      "ownCertificate.chainPem: certificate 2 is damaged; copy the file again, whole and unchanged",
    ]);
  });

  test("fails for a private key among the certificates, because those are handed out", () => {
    assert.deepEqual(problems({ caCertificatePem: pem("root.crt") + pem("root.key") }), [
      "ownCertificate.caCertificatePem: holds a private key, and this text is handed out; write the certificates alone",
    ]);
  });

  test("fails for a key that is encrypted, absent or of another certificate, without showing it", () => {
    const lines = 'write the text from "-----BEGIN ... PRIVATE KEY-----" to its END line';
    assert.deepEqual(problems({ privateKeyPem: String(encryptedKey) }), [
      "ownCertificate.privateKeyPem: is encrypted, and nothing can ask you for its password; decrypt it with openssl pkey -in <file>",
    ]);
    assert.deepEqual(problems({ privateKeyPem: "hunter2" }), [
      `ownCertificate.privateKeyPem: is not a private key in PEM form; ${lines}`,
    ]);
    assert.deepEqual(problems({ privateKeyPem: pem("server.crt") }), [
      `ownCertificate.privateKeyPem: holds a certificate and no key; ${lines}`,
    ]);
    assert.deepEqual(problems({ privateKeyPem: pem("other.key") }), [
      'ownCertificate.privateKeyPem: does not belong to the certificate of "server"; write the key it was requested with',
    ]);
  });

  test("fails when it has expired, with the date, for each certificate that has", () => {
    assert.deepEqual(problems({}, later(2)), [
      `ownCertificate.certificatePem: "server" expired on ${day(certificateExpiry(pem("server.crt")))}; write a renewed one`,
    ]);
    assert.deepEqual(
      problems({}, later(11)).map((problem) => problem.split(" expired")[0]),
      [
        'ownCertificate.certificatePem: "server"',
        'ownCertificate.chainPem: "middle"',
        'ownCertificate.caCertificatePem: "root"',
      ],
    );
  });

  test("fails when it is not valid yet", () => {
    assert.equal(
      problems({}, later(-1))[0],
      `ownCertificate.certificatePem: "server" is not valid before ${day(now)}; write one that is, or set this machine's clock`,
    );
  });

  test("fails for each name and address it does not cover, and says what it covers", () => {
    const covers = "DNS:registry.example.com, DNS:*.wild.example, IP:192.0.2.7";
    const missing = ["registry.example.org", "192.0.2.8", "wild.example", "a.b.wild.example"];
    assert.deepEqual(
      problems({ hostnames: missing }),
      missing.map(
        (name) =>
          `ownCertificate.certificatePem: does not cover "${name}" but ${covers}; have it issued for that name too`,
      ),
    );
  });

  test("leaves malformed names to their own check", () => {
    assert.deepEqual(problems({ hostnames: ["", "a\0b", "[::1]", "a:1"] }), []);
  });

  test("does not accept a common name in place of a subject alternative name", () => {
    const other = { certificatePem: pem("other.crt"), privateKeyPem: pem("other.key"), chainPem: undefined };
    assert.deepEqual(problems({ ...other, caCertificatePem: pem("other.crt"), hostnames: ["other"] }), [
      'ownCertificate.certificatePem: does not cover "other" but nothing; have it issued for that name too',
    ]);
  });

  test("fails for a certificate that is for clients only", () => {
    assert.deepEqual(problems({ certificatePem: pem("client.crt"), privateKeyPem: pem("client.key") }), [
      'ownCertificate.certificatePem: "client" is not for servers; write one with the extended key usage serverAuth',
    ]);
  });

  test("fails for a chain in the wrong order", () => {
    assert.deepEqual(
      problems({ certificatePem: pem("middle.crt") + pem("server.crt"), chainPem: undefined, hostnames: [] }),
      [
        'ownCertificate.certificatePem: begins with "middle", and the key belongs to "server"; put that one first',
        'ownCertificate.certificatePem: "middle" is followed by "server", which did not issue it; add the certificate of "root" after it, or take out what does not belong',
      ],
    );
    assert.deepEqual(problems({ chainPem: pem("root.crt") + pem("middle.crt") }), [
      'ownCertificate.chainPem: "server" is followed by "root", which did not issue it; put the certificate of the private key first, and after each certificate the one that issued it',
    ]);
  });

  test("fails for a chain that lacks an intermediate", () => {
    assert.deepEqual(problems({ chainPem: pem("root.crt") }), [
      'ownCertificate.chainPem: "server" is followed by "root", which did not issue it; add the certificate of "middle" after it, or take out what does not belong',
    ]);
    assert.deepEqual(problems({ chainPem: undefined }), [
      'ownCertificate.caCertificatePem: holds no issuer of "server", which was issued by "middle"; write that root certificate, or add the missing intermediates to the chain',
    ]);
  });

  test("fails for a bundle of authorities that holds the wrong one or none", () => {
    assert.deepEqual(problems({ caCertificatePem: pem("other.crt") }), [
      'ownCertificate.caCertificatePem: holds no issuer of "middle", which was issued by "root"; write that root certificate, or add the missing intermediates to the chain',
    ]);
    assert.deepEqual(problems({ caCertificatePem: pem("server.crt") }), [
      'ownCertificate.caCertificatePem: holds no certificate authority but "server"; write the root certificate',
    ]);
    assert.deepEqual(problems({ caCertificatePem: pem("other.crt") + pem("root.crt") }), []);
  });

  test("fails for an authority of the same name with another key", () => {
    assert.deepEqual(problems({ caCertificatePem: pem("twin.crt") }), [
      'ownCertificate.caCertificatePem: holds no issuer of "middle", which was issued by "root"; write that root certificate, or add the missing intermediates to the chain',
    ]);
  });

  test("splits PEM text into its certificates and leaves comments out", () => {
    const text = `a comment\n${pem("server.crt")}another\n${pem("middle.crt")}`;
    assert.deepEqual(splitPem(text), [pem("server.crt").trim(), pem("middle.crt").trim()]);
    assert.deepEqual(splitPem("nothing"), []);
  });
});
