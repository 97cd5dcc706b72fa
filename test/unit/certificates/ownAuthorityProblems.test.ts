import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  extraAuthoritiesProblems,
  ownAuthorityProblems,
} from "../../../components/certificates/ownAuthorityProblems";
import { splitPem } from "../../../components/certificates/pem";
import { generationProblems } from "../../../components/certificates/settingProblems";
import { issuedByIntermediate, selfSigned } from "../../support/certificates";

const chain = issuedByIntermediate("registry.example.com");
const [leaf = "", intermediate = ""] = splitPem(chain.certificatePem);
const root = selfSigned("our root");
// A minute ahead: the certificates above are not valid before they were made.
const now = new Date(Date.now() + 600_000);
const later = new Date(now.getTime() + 31 * 24 * 3600 * 1000);

/** A right intermediate and its root, to be made wrong in one place. */
const problems = (change: Partial<Parameters<typeof ownAuthorityProblems>[0]> = {}, date = now) =>
  ownAuthorityProblems(
    {
      certificatePem: intermediate,
      privateKeyPem: chain.intermediateKeyPem,
      rootPem: chain.rootPem,
      ...change,
    },
    date,
  );

describe("an authority of the user's own", () => {
  test("passes as a root, as an intermediate with its root beside it, and with its root behind it", () => {
    assert.deepEqual(problems(), []);
    assert.deepEqual(problems({ ...root, rootPem: undefined }), []);
    const certificatePem = `${intermediate}\n${chain.rootPem}`;
    assert.deepEqual(problems({ certificatePem, rootPem: undefined }), []);
    assert.deepEqual(problems({ certificatePem }), []);
  });

  test("fails as an intermediate whose root is not given", () => {
    assert.deepEqual(problems({ rootPem: undefined }), [
      'ownAuthority.rootPem: is absent, and "test intermediate" was issued by "test root"; write that root certificate',
    ]);
    assert.deepEqual(problems({ rootPem: root.certificatePem }), [
      'ownAuthority.rootPem: holds no issuer of "test intermediate", which was issued by "test root"; write that root certificate, or add the missing intermediates to the chain',
    ]);
  });

  test("fails for a certificate that may not sign others", () => {
    assert.deepEqual(problems({ certificatePem: leaf + intermediate, privateKeyPem: chain.privateKeyPem }), [
      'ownAuthority.certificatePem: "registry.example.com" is not a certificate authority; write one with CA:TRUE in its basic constraints',
    ]);
  });

  test("fails for a key that is another's, or none, without showing it", () => {
    assert.deepEqual(problems({ privateKeyPem: root.privateKeyPem }), [
      'ownAuthority.privateKeyPem: does not belong to the certificate of "test intermediate"; write the key it was requested with',
    ]);
    const [only = "", ...more] = problems({ privateKeyPem: "hunter22" });
    assert.match(only, /^ownAuthority\.privateKeyPem: is not a private key in PEM form/);
    assert.deepEqual([more, only.includes("hunter22")], [[], false]);
  });

  test("fails for a chain in the wrong order", () => {
    const [first = "", second = ""] = problems({ certificatePem: chain.rootPem + intermediate });
    assert.match(
      first,
      /certificatePem: begins with "test root", and the key belongs to "test intermediate"; put that one first$/,
    );
    assert.match(second, /^ownAuthority\.certificatePem: "test root" is followed by "test intermediate"/);
  });

  test("fails once it or its root has expired, and for what is no PEM", () => {
    assert.deepEqual(
      problems({}, later).map((problem) => problem.split(" expired")[0]),
      ['ownAuthority.certificatePem: "test intermediate"', 'ownAuthority.rootPem: "test root"'],
    );
    assert.match(problems({ certificatePem: "ca.crt" })[0] ?? "", /^ownAuthority\.certificatePem: holds no/);
  });
});

describe("further authorities for clients", () => {
  const fails = (pem: string, date = now) =>
    extraAuthoritiesProblems(pem, date).map((problem) => problem.split(";")[0]);

  test("pass as a bundle", () => {
    assert.deepEqual(fails(chain.rootPem + root.certificatePem), []);
  });

  test("fail for a key, for a server certificate, and after their end", () => {
    assert.deepEqual(fails(root.privateKeyPem), [
      "extraCaCertificatesPem: holds a private key, and this text is handed out",
    ]);
    assert.deepEqual(fails(leaf), [
      'extraCaCertificatesPem: "registry.example.com" is not a certificate authority',
    ]);
    assert.match(fails(chain.rootPem, later)[0] ?? "", /^extraCaCertificatesPem: "test root" expired on /);
  });
});

describe("the generations of an authority", () => {
  const fails = (newest: number, retired: number) =>
    generationProblems("caGeneration", newest, "caRetiredGeneration", retired);

  test("pass while one is left", () => {
    assert.deepEqual([...fails(1, 0), ...fails(2, 0), ...fails(2, 1), ...fails(9, 7)], []);
  });

  test("fail where they are too many for a client", () => {
    assert.deepEqual(fails(30, 10), []);
    assert.deepEqual(fails(2026, 6), [
      "caGeneration: 2026 beside caRetiredGeneration 6 are 2020 authorities at a time; write 26 at most",
    ]);
  });

  test("fail where none is left, and for what is no generation", () => {
    assert.deepEqual(fails(2, 2), [
      "caRetiredGeneration: 2 leaves no authority of caGeneration 2; write less than 2",
    ]);
    assert.deepEqual(
      fails(0, -1).map((problem) => problem.split(";")[0]),
      ["caGeneration: 0 is out of range", "caRetiredGeneration: -1 is out of range"],
    );
  });
});
