import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { describe, test } from "node:test";
import {
  extraAuthoritiesProblems,
  ownAuthorityProblems,
} from "../../../components/certificates/ownAuthorityProblems";
import { ownCertificateProblems } from "../../../components/certificates/ownCertificateProblems";
import { plainPem, splitPem } from "../../../components/certificates/pem";
import { privateKeyOf, privateRootsOf } from "../../../components/certificates/pemText";
import { type Contents, issue } from "../../support/x509";

const root = issue({ commonName: "root", isAuthority: true });
/** Later than any certificate was issued, however long the keys took. */
const soon = () => new Date(Date.now() + 60_000);
const curve = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const keys: { readonly [kind: string]: KeyPairKeyObjectResult } = {
  "RSA of 1,024 bits": generateKeyPairSync("rsa", { modulusLength: 1024 }),
  "RSA of 2,048 bits": generateKeyPairSync("rsa", { modulusLength: 2048 }),
  "RSA-PSS": generateKeyPairSync("rsa-pss", { modulusLength: 2048 }),
  secp256k1: curve("secp256k1"),
  "P-224": curve("secp224r1"),
  "P-256": curve("prime256v1"),
  "P-384": curve("secp384r1"),
  "P-521": curve("secp521r1"),
  Ed25519: generateKeyPairSync("ed25519"),
  Ed448: generateKeyPairSync("ed448"),
};

/** Problems of a server certificate under the root, each without what to do instead. */
function problems(change: Partial<Contents>): string[] {
  const leaf = issue({ commonName: "server", names: ["registry.test"], ...change }, root);
  const own = { ...leaf, caCertificatePem: root.certificatePem, hostnames: ["registry.test"] };
  return ownCertificateProblems(own, soon()).map(
    (problem) => problem.split(", which clients or servers")[0] ?? "",
  );
}

describe("the strength of certificates of the user's own", () => {
  const refused: { readonly [kind: string]: string } = {
    "RSA of 1,024 bits": "has an RSA key of 1024 bits",
    "RSA-PSS": "has a key of the kind rsa-pss",
    secp256k1: "has a key on the curve secp256k1",
    "P-224": "has a key on the curve secp224r1",
    Ed448: "has a key of the kind ed448",
  };

  for (const [kind, pair] of Object.entries(keys)) {
    const weakness = refused[kind];
    test(`${weakness === undefined ? "is enough" : "is too little, or not for TLS,"} with a key of the kind ${kind}`, () => {
      assert.deepEqual(
        problems({ keys: pair }),
        weakness === undefined ? [] : [`ownCertificate.certificatePem: "server" ${weakness}`],
      );
    });
  }

  test("is too little with a signature over SHA-1, unless a root's own", () => {
    assert.deepEqual(problems({ hash: "sha1" }), [
      'ownCertificate.certificatePem: "server" is signed with MD5 or SHA-1',
    ]);
    const old = issue({ commonName: "old root", isAuthority: true, hash: "sha1" });
    assert.deepEqual(extraAuthoritiesProblems(old.certificatePem, soon()), []);
  });

  test("is asked of authorities too, with what to do", () => {
    const weak = issue({ commonName: "weak", isAuthority: true, keys: curve("secp256k1") }, root);
    const problem = (argument: string) =>
      `${argument}: "weak" has a key on the curve secp256k1, which clients or servers refuse; ` +
      "have it issued with SHA-256 for a key of RSA with 2048 bits or more, or of ECDSA on P-256";
    assert.deepEqual(ownAuthorityProblems({ ...weak, rootPem: root.certificatePem }, soon()), [
      problem("ownAuthority.certificatePem"),
    ]);
    assert.deepEqual(extraAuthoritiesProblems(weak.certificatePem, soon()), [
      problem("extraCaCertificatesPem"),
    ]);
  });
});

describe("PEM text from an editor", () => {
  const text = `${root.certificatePem}${root.privateKeyPem}`;
  const indented = text.replace(/^/gm, "    ");

  test("is read with a byte order mark and with the indentation of a YAML file, and else left as it is", () => {
    for (const odd of [`\ufeff${text}`, indented, `\ufeff${indented}`]) {
      assert.deepEqual(splitPem(odd), [root.certificatePem.trim()]);
      assert.equal(createPrivateKey(plainPem(odd)).asymmetricKeyType, "ec");
      assert.equal(privateKeyOf(odd), root.privateKeyPem.trim());
    }
    const windows = `a comment\r\n${text.replaceAll("\n", "\r\n")}`;
    assert.equal(plainPem(windows), windows);
  });

  test("is refused as UTF-16 by that name", () => {
    const utf16 = Buffer.from(`\ufeff${root.privateKeyPem}`, "utf16le").toString();
    const own = { certificatePem: root.certificatePem, privateKeyPem: utf16, hostnames: [] };
    assert.deepEqual(ownCertificateProblems(own, soon()), [
      'ownCertificate.privateKeyPem: is UTF-16, as Windows PowerShell writes it with >; save it as UTF-8; write the text from "-----BEGIN ... PRIVATE KEY-----" to its END line',
    ]);
  });

  test("gives its private root to clients where none is given apart", () => {
    const leaf = issue({ commonName: "server", names: ["registry.test"] }, root);
    assert.equal(privateRootsOf(`\ufeff${leaf.certificatePem}${root.certificatePem}`), root.certificatePem);
    assert.equal(privateRootsOf(leaf.certificatePem), "");
  });
});
