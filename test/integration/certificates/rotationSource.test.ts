import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it, type TestContext } from "node:test";
import { splitPem } from "../../../components/certificates/pem";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";
import { underLoad } from "../../support/load";
import { servedChain } from "../../support/servedChain";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 18572;
const proxy = "private-registry-rotation-source-main-proxy";
const generated = { hostnames: ["localhost"], port, bindAddress: "127.0.0.1", users: [{ name: "ci" }] };

const own = issuedByIntermediate("localhost");
const [, intermediate = ""] = splitPem(own.certificatePem);
const kept = { ...generated, keepGeneratedAuthority: true };
const ownCertificate = {
  // The root is no part of what is served, but often of the file that one is given: clients are told to trust it.
  ownCertificate: { certificatePem: own.certificatePem + own.rootPem },
  ownPrivateKeyPem: own.privateKeyPem,
};
const ownAuthority = {
  ownAuthority: { certificatePem: intermediate, rootPem: own.rootPem },
  ownAuthorityPrivateKeyPem: own.intermediateKeyPem,
};

describe("a registry whose certificate comes from elsewhere", () => {
  let stack: InfraStack;
  let puller: Skopeo;
  let authority: string;
  let identity: string;
  let user: string;

  before(async () => {
    stack = await infraStack("rotation-source", { ...generated, extraCaCertificatesPem: own.rootPem });
    const { caCertificate, credentials } = await stack.up();
    authority = splitPem(String(caCertificate))[0] ?? "";
    user = `ci:${(credentials as { [name: string]: string }).ci}`;
    puller = skopeo(`localhost:${port}`, String(caCertificate), user);
    await puller.push("team/app:1", [2_000_000]);
    identity = await identityOf(proxy);
  });

  after(async () => {
    puller?.remove();
    await stack?.remove();
  });

  /** One `up` under load, by clients that trust both; what they are told to trust then, and what is served. */
  async function change(test: TestContext, config: { readonly [key: string]: unknown }) {
    const ca = `${authority}\n${own.rootPem}`;
    const target = { host: "localhost", port, ca, user };
    let trusted: string[] = [];
    stack.configure(config);
    await underLoad(test, { puller, image: "team/app:1", target, atLeast: 2000 }, async () => {
      trusted = splitPem(String((await stack.up()).caCertificate));
    });
    assert.equal(await identityOf(proxy), identity, "the proxy was not replaced");
    return { trusted, served: await servedChain("localhost", port) };
  }

  const isSignedBy = (certificate: X509Certificate | undefined, pem: string) =>
    certificate?.verify(new X509Certificate(pem).publicKey) ?? false;

  it("hands out both authorities before it changes", async () => {
    const { caCertificate } = await stack.up();
    assert.deepEqual(splitPem(String(caCertificate)), [authority, own.rootPem.trim()]);
    assert.ok(isSignedBy((await servedChain("localhost", port))[0], authority));
  });

  it("serves your own certificate with its intermediate and without the root, unnoticed", async (test) => {
    const { trusted, served } = await change(test, { ...kept, ...ownCertificate });
    assert.deepEqual(
      served.map(({ subject }) => subject),
      ["CN=localhost", "CN=test intermediate"],
    );
    assert.deepEqual(trusted, [own.rootPem.trim(), authority]);
  });

  it("goes back to the generated one, of the same authority, unnoticed", async (test) => {
    const { served } = await change(test, { ...kept, extraCaCertificatesPem: own.rootPem });
    assert.equal(served.length, 1);
    assert.ok(isSignedBy(served[0], authority));
  });

  it("has your own authority sign, and serves it as the intermediate it is, unnoticed", async (test) => {
    const { trusted, served } = await change(test, { ...kept, ...ownAuthority });
    assert.deepEqual(
      served.map(({ subject }) => subject.split("\n").at(-1)),
      ["CN=localhost", "CN=test intermediate"],
    );
    assert.ok(isSignedBy(served[0], intermediate));
    assert.deepEqual(trusted, [own.rootPem.trim(), authority]);
    await stack.expectNoChanges();
  });

  it("gives the generated authority up when it is told to, and serves on", async (test) => {
    const { trusted } = await change(test, { ...generated, ...ownAuthority });
    assert.deepEqual(trusted, [own.rootPem.trim()]);
  });
});
