import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { output, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { type Answer, RegistryClient } from "../../support/client";
import { manifestType } from "../../support/keeperStress/images";
import { digestOf, smallImage } from "../../support/smallImage";

const port = 18449;
const container = "private-registry-collection-main-registry";
const config = { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1", proxyServesBlobs: false };
const { layer, manifest } = smallImage(100_000);

describe("a garbage collection without a restart", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;

  before(async () => {
    stack = await infraStack("collection", config);
    const outputs = await stack.up();
    client = new RegistryClient(port, String(outputs.caCertificate));
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
  });

  after(() => stack?.remove());

  const blob = (method: string, content = layer) =>
    client.ask(`/v2/team/app/blobs/${digestOf(content)}`, { user, method });

  /** Pushes the image as clients do: what the registry says it has is not sent again. */
  async function push(): Promise<Answer> {
    for (const content of [layer, "{}"]) {
      if ((await blob("HEAD", content)).status === 200) continue;
      const { headers } = await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user });
      const target = `${headers.location}&digest=${encodeURIComponent(digestOf(content))}`;
      assert.equal((await client.ask(target, { method: "PUT", user, body: content })).status, 201);
    }
    const headers = { "Content-Type": manifestType };
    return client.ask("/v2/team/app/manifests/1", { method: "PUT", user, headers, body: manifest });
  }

  async function pushAndCollect(): Promise<void> {
    assert.equal((await push()).status, 201);
    assert.equal((await blob("GET")).body, layer);
    const target = `/v2/team/app/manifests/${digestOf(manifest)}`;
    assert.equal((await client.ask(target, { method: "DELETE", user })).status, 202);
    const collect = ["registry", "garbage-collect", "/etc/private-registry/current/config.yml"];
    assert.match(await output(["docker", "exec", container, ...collect]), /3 blobs/);
  }

  it("is known at once: the same image can be pushed again, and its layers have their bytes", async () => {
    await pushAndCollect();
    assert.equal((await blob("HEAD")).status, 404);
    assert.equal((await blob("GET")).status, 404);
    assert.equal((await push()).status, 201);
    assert.equal((await blob("GET")).body, layer);
  });

  it("needs a restart with the cache in memory, as every up warns", async () => {
    stack.configure({ ...config, registry: { cache: "inmemory" } });
    const { stdout } = await stack.stack.up();
    assert.match(stdout, /registry\.cache inmemory: after a garbage collection .* until it restarts/);
    await pushAndCollect();
    const gone = await blob("HEAD");
    assert.deepEqual([gone.status, gone.headers["content-length"]], [200, String(layer.length)]);
    await output(["docker", "restart", container]);
    await until("the registry has started", async () => (await blob("HEAD")).status !== 503);
    assert.equal((await blob("HEAD")).status, 404);
  });
});
