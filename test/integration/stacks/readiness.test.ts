import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const port = 18532;
const config = { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1", users: [{ name: "ci" }] };
// A bucket without a region: the registry ends at once, at every start.
const broken = { ...config, registryConfigOverrides: { storage: { s3: { bucket: "images" } } } };

describe("when up returns", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;

  before(async () => {
    stack = await infraStack("readiness", config);
  });

  after(() => stack?.remove());

  const startOfUpload = async () =>
    (await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user })).status;

  it("the registry takes a push", async () => {
    const { caCertificate, credentials } = await stack.up();
    client = new RegistryClient(port, String(caCertificate));
    user = `ci:${(credentials as Record<string, string>).ci}`;
    assert.equal(await startOfUpload(), 202);
    await stack.expectNoChanges();
  });

  it("so does a registry that had to be made anew", async () => {
    stack.configure({ ...config, registry: { logLevel: "info" } });
    await stack.up();
    assert.equal(await startOfUpload(), 202);
    await stack.expectNoChanges();
  });

  it("it has failed if the registry cannot start, and fails again until that is mended; the last one serves", async () => {
    const before = await identityOf("private-registry-readiness-main-registry");
    stack.configure(broken);
    const reason =
      /main-registry-try ended with exit code 1:[\s\S]*the registry does not start with these settings, its reason is above/;
    assert.match(await stack.failingUp(), reason);
    assert.match(await stack.failingUp(), reason);
    assert.equal(await startOfUpload(), 202);
    assert.equal(await identityOf("private-registry-readiness-main-registry"), before);
    stack.configure(config);
    await stack.up();
    assert.equal(await startOfUpload(), 202);
    await stack.expectNoChanges();
    await stack.stack.refresh();
    await stack.expectNoChanges();
  });
});
