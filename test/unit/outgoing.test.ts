import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { proxyScript } from "../../components/outgoing/outgoingScripts";
import { knownOutgoingProblems, outgoingProblems } from "../../components/outgoing/problems";

describe("what is outside", () => {
  test("is asked by a proxy, but for exceptions of any usual form", () => {
    const proxyExceptions = ["registry.example.com", ".example.com", "10.0.0.0/8", "fd00::/8", "a.b:5000"];
    assert.deepEqual(outgoingProblems({ proxy: "http://proxy:3128", proxyExceptions }), []);
    assert.deepEqual(outgoingProblems({ proxyExceptions: ["a b"] }), [
      "outgoing.proxyExceptions: is given without proxy; set that too, or remove this",
      'outgoing.proxyExceptions[0]: "a b" is neither a name nor an address; write one such as "registry.example.com", ".example.com" or "10.0.0.0/8"',
    ]);
  });

  for (const proxy of ["http://proxy.example.com:3128", "https://proxy", "http://me:a%20b@192.0.2.7:8080"]) {
    test(`is asked by the proxy ${proxy}`, () =>
      assert.deepEqual(knownOutgoingProblems({ proxy }, new Date()), []));
  }

  for (const proxy of ["proxy.example.com:3128", "socks5://proxy", "http://", "http://a b", ""]) {
    test(`is not asked by "${proxy}", which is not shown`, () => {
      assert.deepEqual(knownOutgoingProblems({ proxy }, new Date()), [
        'outgoing.proxy: is no URL of a proxy; write one such as "http://proxy.example.com:3128"',
      ]);
    });
  }

  test("is trusted by certificates alone", () => {
    assert.deepEqual(
      knownOutgoingProblems({ caCertificatesPem: "x" }, new Date()).map((each) => each.split(";")[0]),
      ["outgoing.caCertificatesPem: holds no certificate in PEM form"],
    );
  });

  test("is told to a shell with quotes around what a password may have", () => {
    assert.equal(
      proxyScript({ proxy: "http://me:it's$x@p", proxyExceptions: ["a", ".b"] }),
      "HTTPS_PROXY='http://me:it'\\''s$x@p'\nHTTP_PROXY='http://me:it'\\''s$x@p'\nNO_PROXY='a,.b'\nexport HTTPS_PROXY HTTP_PROXY NO_PROXY\n",
    );
  });
});
