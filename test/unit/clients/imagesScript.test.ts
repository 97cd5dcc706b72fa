import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { imagesScript } from "../../../components/clients/images/imagesScript";
import * as grammar from "../../../components/registry/grammar";

const settings = { addresses: ["registry.example.com:5443"], caCertificate: "PEM\n", hostsEntry: "" };
const script = imagesScript(settings);

/** A value that stands at the top of the script. */
const assigned = (name: string, text = script) => new RegExp(`^${name}='([\\s\\S]*?)'$`, "m").exec(text)?.[1];

describe("the images command", () => {
  test("knows its registry by the address of image references, and what to trust", () => {
    assert.equal(assigned("REGISTRY"), "registry.example.com:5443");
    assert.equal(assigned("CA_CERTIFICATE"), "PEM");
    assert.equal(assigned("CLIENT_CERTIFICATES"), "no");
    assert.equal(
      assigned("CLIENT_CERTIFICATES", imagesScript({ ...settings, clientCertificates: true })),
      "yes",
    );
    assert.equal(assigned("CA_CERTIFICATE", imagesScript({ ...settings, caCertificate: "" })), "");
  });

  test("finds a name that DNS does not know, at its own port", () => {
    const at = (address: string, hostsEntry: string) =>
      assigned("RESOLVE", imagesScript({ ...settings, addresses: [address], hostsEntry }));
    assert.equal(at("a.example.com:5443", "192.0.2.7 a.example.com b"), "a.example.com:5443:192.0.2.7");
    assert.equal(at("a.example.com", "2001:db8::7 a.example.com"), "a.example.com:443:[2001:db8::7]");
    for (const [address, entry] of [
      ["a.example.com", ""],
      ["192.0.2.9:5000", "192.0.2.7 a.example.com"],
      ["[2001:db8::9]:5000", "192.0.2.7 a.example.com"],
    ] as const)
      assert.equal(at(address, entry), "", address);
  });

  test("refuses names by the grammar of the registry", () => {
    const expressions = { REPOSITORY_NAME: grammar.repositoryName, TAG: grammar.tag };
    for (const [name, expression] of Object.entries(expressions)) {
      const posix = assigned(name) ?? "";
      assert.equal(posix, expression.replaceAll("(?:", "("));
      assert.doesNotMatch(posix, /\(\?/);
    }
    const digest = new RegExp(`^(${assigned("DIGEST")})$`);
    for (const [algorithm, digits] of [
      ["sha256", 64],
      ["sha512", 128],
    ] as const)
      assert.match(`${algorithm}:${"0".repeat(digits)}`, digest);
    assert.doesNotMatch(`sha256:${"0".repeat(63)}`, digest);
  });

  test("takes no value for a command, whatever it holds", () => {
    const hostile = imagesScript({ ...settings, addresses: ["a'; rm -rf /; '"] });
    assert.ok(hostile.includes(`REGISTRY='a'\\''; rm -rf /; '\\'''`));
  });

  test("does nothing if it breaks off on its way", () => {
    const lines = script.trimEnd().split("\n");
    assert.equal(lines.at(-1), 'main "$@"');
    assert.equal(lines.filter((line) => /^main( |$)/.test(line)).length, 1);
  });
});
