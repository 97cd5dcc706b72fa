import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { output, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { underLoad } from "../../support/load";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 18444;
const proxy = "private-registry-rotation-main-proxy";
const registry = "private-registry-rotation-main-registry";
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "ci" }, { name: "alice" }],
  "password-alice": "first password",
};

const second = { "password-alice": "second password" };

describe("a running registry", () => {
  let stack: InfraStack;
  let ca: string;
  let ci: string;
  let client: RegistryClient;
  let puller: Skopeo;

  before(async () => {
    stack = await infraStack("rotation", config);
    const outputs = await stack.up();
    ca = String(outputs.caCertificate);
    ci = `ci:${(outputs.credentials as Record<string, string>).ci}`;
    client = new RegistryClient(port, ca);
    puller = skopeo(`127.0.0.1:${port}`, ca, ci);
    await puller.push("team/app:1", [2_000_000, 2_000_000]);
  });

  after(async () => {
    puller?.remove();
    await stack?.remove();
  });

  const load = () => ({
    puller,
    image: "team/app:1",
    target: { host: "127.0.0.1", port, ca, user: ci },
  });
  const statusFor = async (password: string) =>
    (await client.ask("/v2/", { user: `alice:${password}` })).status;
  const identities = () => Promise.all([identityOf(proxy), identityOf(registry)]);

  it("takes a changed password with the very up, without a failed pull and without a new container", async (test) => {
    const before = await identities();
    assert.equal(await statusFor("first password"), 200);
    stack.configure({ ...config, ...second });
    await underLoad(test, load(), async () => {
      await stack.up();
      assert.equal(await statusFor("first password"), 401);
      assert.equal(await statusFor("second password"), 200);
    });
    assert.deepEqual(await identities(), before);
    await stack.expectNoChanges();
  });

  it("renews an expired server certificate with a plain up, under the same authority and without a failed pull", async (test) => {
    const before = await identities();
    const old = await servedCertificate();
    await moveExpiryToThePast(stack);
    await underLoad(test, { ...load(), atLeast: 4000 }, async () => {
      await stack.up();
    });
    const renewed = await servedCertificate();
    assert.notEqual(renewed.serialNumber, old.serialNumber);
    assert.ok(renewed.verify(new X509Certificate(ca).publicKey), "the client's authority signed it");
    assert.deepEqual(await identities(), before);
    await stack.expectNoChanges();
  });

  it("warns in an up when the certificate ends within two weeks", async () => {
    stack.configure({ ...config, ...second, certificate: { validityDays: 13, renewalDays: 1 } });
    const { stdout, outputs } = await stack.stack.up();
    assert.match(stdout, /warning: the certificate ends in 12 days: raise certificate\.renewalDays above 12/);
    assert.equal(outputs.certificateDaysLeft?.value, 12);
    stack.configure({ ...config, ...second });
    assert.doesNotMatch((await stack.stack.up()).stdout, /the certificate ends in/);
  });

  it("keeps only the serving generation of files and the one before", async () => {
    const listing = await output(["docker", "exec", proxy, "ls", "/etc/private-registry"]);
    const generations = listing.split("\n").filter((name) => name !== "current" && name !== "staged");
    assert.equal(generations.length, 2, listing);
  });

  it("fails the up with nginx's own message for a bad snippet, goes on serving and survives a restart", async (test) => {
    const before = await identities();
    stack.configure({ ...config, ...second, proxySnippet: "no_such_directive on;" });
    await underLoad(test, load(), async () => {
      assert.match(await stack.failingUp(), /unknown directive "no_such_directive"/);
    });
    assert.deepEqual(await identities(), before);
    assert.match(await stack.failingUp(), /unknown directive "no_such_directive"/, "and fails again");

    await output(["docker", "restart", proxy]);
    await until(
      "the proxy answers again",
      async () => (await statusFor("second password").catch(() => 0)) === 200,
    );

    stack.configure({ ...config, ...second, proxySnippet: "add_header X-From-Snippet yes always;" });
    await stack.up();
    assert.equal((await client.ask("/v2/", { user: ci })).headers["x-from-snippet"], "yes");
  });

  function servedCertificate(): Promise<X509Certificate> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, ca }, () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw));
        socket.end();
      });
      socket.on("error", reject);
    });
  }
});

/** As if a year had gone by: the state says that the server certificate ended yesterday. */
async function moveExpiryToThePast({ stack }: InfraStack): Promise<void> {
  const state = await stack.exportStack();
  const leaf = state.deployment.resources.find(
    (resource: { type: string }) => resource.type === "tls:index/locallySignedCert:LocallySignedCert",
  );
  leaf.outputs.validityEndTime = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();
  await stack.importStack(state);
}
