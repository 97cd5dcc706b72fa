import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  foundByLabels,
  type InfraStack,
  identityOf,
  infraStack,
  proxyImage,
} from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const port = 18536;
const stackName = "failed-changes";
const container = (role: string) => `private-registry-${stackName}-main-${role}`;
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "ci" }],
  "password-ci": "a password",
};

/** Each passes every check that can be made without the machine, and cannot serve. */
const changes: readonly { readonly what: string; readonly change: object; readonly cause: RegExp }[] = [
  {
    what: "a setting that the registry refuses",
    change: { registryConfigOverrides: { log: { level: "nonsense" } } },
    cause: /main-registry-try ended with exit code 1:[\s\S]*invalid loglevel nonsense/,
  },
  {
    what: "an image that is no registry",
    change: { registryImage: proxyImage },
    cause: /main-registry-try ended with exit code 1:[\s\S]*the image has no program named registry/,
  },
  {
    what: "nginx text that nginx refuses",
    change: { proxySnippet: "nonsense on;" },
    cause: /main-proxy-stage ended with exit code 1:[\s\S]*unknown directive "nonsense"/,
  },
  {
    what: "a front without a proxy whose registry does not start",
    change: { front: "direct", registryConfigOverrides: { storage: { s3: { bucket: "images" } } } },
    cause: /main-registry-try ended with exit code 1:[\s\S]*no region parameter provided/,
  },
  {
    what: "an image that cannot be had",
    change: { proxyImage: "localhost/private-registry-test/missing:1" },
    cause: /localhost\/private-registry-test\/missing:1/,
  },
];

describe("a change that cannot serve", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  const servers = ["proxy", "verifier", "registry"].map(container);

  before(async () => {
    stack = await infraStack(stackName, config);
    const { caCertificate } = await stack.up();
    client = new RegistryClient(port, String(caCertificate));
  });

  after(() => stack?.remove());

  const startOfUpload = async () =>
    (await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user: "ci:a password" })).status;

  for (const { what, change, cause } of changes) {
    it(`is told of, leaves every server alone and is undone by one up: ${what}`, async () => {
      const before = await Promise.all(servers.map(identityOf));
      stack.configure({ ...config, ...change });
      assert.match(await stack.failingUp(), cause);
      assert.equal(await startOfUpload(), 202);
      assert.deepEqual(await Promise.all(servers.map(identityOf)), before);
      stack.configure(config);
      await stack.up();
      assert.equal(await startOfUpload(), 202);
      assert.deepEqual(await Promise.all(servers.map(identityOf)), before, "they were right all the time");
    });
  }

  it("leaves nothing to do, and one volume for the configuration of the registry, whatever failed and came back", async () => {
    await stack.expectNoChanges();
    const labels = ["project=private-registry", `stack=${stackName}`, "role=config"];
    const { volume } = await foundByLabels(labels.map((label) => `label=private-registry.${label}`));
    assert.deepEqual(volume, [container("config")]);
  });
});
