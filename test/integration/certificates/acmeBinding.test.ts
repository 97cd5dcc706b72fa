import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { output } from "../../../tools/shell";
import { acmeImage, type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { type AcmeServer, startAcmeServer } from "../../support/acmeServer";
import { hostInBridge } from "../../support/hostInBridge";

const name = "registry.example.test";
// As consoles show it: with signs that ACME has others for, and padding.
const hmacKey = `${Buffer.concat([Buffer.from([0xfb, 0xef, 0xff]), randomBytes(29)]).toString("base64")}`;

describe("an ACME server that wants an external account binding", () => {
  let server: AcmeServer;
  let stack: InfraStack;
  const config = (binding: object = {}) => ({
    hostnames: [name],
    port: 18483,
    bindAddress: "127.0.0.1",
    certificateSource: "acme",
    acme: {
      email: "admin@example.com",
      directoryUrl: server.directoryUrl,
      directoryCaPem: server.directoryCaPem,
      challengePort: 18489,
      image: acmeImage,
      ...binding,
    },
  });

  before(async () => {
    const gateway = await hostInBridge();
    const inBase64Url = Buffer.from(hmacKey, "base64").toString("base64url");
    server = await startAcmeServer({
      address: gateway,
      firstPort: 18484,
      resolvesTo: gateway,
      validitySeconds: 86_400,
      bindings: { "kid-1": inBase64Url },
    });
    stack = await infraStack("binding", config());
  });

  after(async () => {
    await stack?.remove();
    server?.stop();
  });

  it("refuses an account without one, which up tells", async () => {
    assert.match(
      await stack.failingUp(),
      /requires External Account Binding.*Give the server's key identifier and HMAC key: eabKeyId and eabHmacKey/is,
    );
  });

  it("issues for an account with one, whose key no container shows", async () => {
    stack.configure({ ...config({ eabKeyId: "kid-1" }), acmeEabHmacKey: hmacKey });
    await stack.up();
    const renewer = "private-registry-binding-main-acme";
    const chain = await output([
      "docker",
      "exec",
      renewer,
      "cat",
      "/var/lib/acme-certificates/current/chain.pem",
    ]);
    assert.match(chain, /BEGIN CERTIFICATE/);
    const containers = await output([
      "docker",
      "ps",
      "-aq",
      "--filter",
      "label=private-registry.stack=binding",
    ]);
    const shown = await output(["docker", "inspect", ...containers.split("\n")]);
    const logs = await output(["docker", "logs", renewer]);
    for (const secret of [hmacKey, Buffer.from(hmacKey, "base64").toString("base64url")]) {
      assert.ok(!shown.includes(secret) && !logs.includes(secret));
    }
    await stack.expectNoChanges();
  });
});
