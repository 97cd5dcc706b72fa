import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { output, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { type Answer, RegistryClient } from "../../support/client";
import { type S3Server, startS3 } from "../../support/s3Server";
import { type Skopeo, skopeo } from "../../support/skopeo";

const [port, s3Port] = [18584, 18585];
const user = "ci:right";
const prefix = "private-registry-object-store-main";
const registry = `${prefix}-registry`;

describe("a registry in a bucket", () => {
  let store: S3Server;
  let stack: InfraStack;
  let client: RegistryClient;
  let images: Skopeo;

  const config = (change: { s3?: object; secretKey?: string } = {}) => ({
    hostnames: ["127.0.0.1"],
    port,
    bindAddress: "127.0.0.1",
    users: [{ name: "ci" }],
    "password-ci": "right",
    storage: {
      s3: {
        bucket: "images",
        folder: "team/a",
        endpoint: store.endpoint,
        accessKey: store.accessKey,
        ...change.s3,
      },
    },
    storageSecretKey: change.secretKey ?? store.secretKey,
    registry: { healthIntervalSeconds: 1, healthThreshold: 3 },
  });
  const ask = (path: string, method = "GET"): Promise<Answer> => client.ask(path, { user, method });

  before(async () => {
    store = await startS3(s3Port);
    store.makeBucket("images");
    stack = await infraStack("object-store", config());
    const { stdout, outputs } = await stack.stack.up();
    assert.match(stdout, /storage\.s3\.endpoint http:.* is plain HTTP/);
    assert.equal(outputs.dataLocation?.value, "s3://images/team/a");
    const ca = String(outputs.caCertificate?.value);
    client = new RegistryClient(port, ca);
    images = skopeo(`127.0.0.1:${port}`, ca, user);
  });

  after(async () => {
    images?.remove();
    await stack?.remove();
    await store?.remove();
  });

  it("takes and gives images, changes nothing at a second preview, and shows its key to nobody", async () => {
    const digest = await images.push("team/app:1", [6_000_000, 100]);
    assert.equal(await images.digest("team/app:1"), digest);
    assert.equal((await images.pull("team/app:1")).status, 0);
    await stack.expectNoChanges();
    const state = JSON.stringify(await stack.stack.exportStack());
    assert.ok(!state.includes(store.secretKey));
    const ids = await output([
      "docker",
      "ps",
      "-aq",
      "--filter",
      "label=private-registry.stack=object-store",
    ]);
    assert.ok(!(await output(["docker", "inspect", ...ids.split("\n")])).includes(store.secretKey));
    const volumes = await output(["docker", "inspect", "-f", "{{json .Mounts}}", registry]);
    assert.ok(!volumes.includes("/var/lib/registry"), "neither a volume of ours nor one that Docker makes");
  });

  it("answers without the store's address while that is away, is not restarted, and serves again", async () => {
    const before = await identityOf(registry);
    await store.stop();
    const answers: Answer[] = [];
    // Soon each request fails of itself, later the registry's own check knows.
    for (let number = 0; number < 8; number++) {
      answers.push(await ask("/v2/team/app/manifests/1"));
      answers.push(await ask("/v2/team/app/blobs/uploads/", "POST"));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    for (const { status, body } of answers) {
      assert.equal(status, 503, body);
      assert.deepEqual(JSON.parse(body).errors[0], {
        code: "UNAVAILABLE",
        message: "the store of the images does not answer, try again",
      });
    }
    assert.equal((await client.ask("/v2/", { user: "ci:wrong" })).status, 401);
    await store.start();
    await until("it serves", async () => (await ask("/v2/team/app/manifests/1")).status === 200, 15);
    assert.equal((await images.pull("team/app:1")).status, 0);
    assert.equal(await identityOf(registry), before);
  });

  it("is not replaced by one whose bucket or key is wrong, and the up says which", async () => {
    const before = await identityOf(registry);
    for (const [change, expected] of [
      [{ s3: { bucket: "images2" } }, /storage\.s3\.bucket: the store has no such bucket/],
      [{ secretKey: "wrong" }, /storage\.s3\.secretKey: it is not the secret of that access key/],
      [{ s3: { endpoint: "http://127.0.0.1:9" } }, /storage\.s3\.endpoint: the store does not answer there/],
    ] as const) {
      stack.configure(config(change));
      const said = await stack.failingUp();
      assert.match(said, expected);
      assert.ok(!said.includes(store.secretKey));
      assert.equal((await images.pull("team/app:1")).status, 0, "what runs was left alone");
    }
    assert.equal(await identityOf(registry), before);
    stack.configure(config());
    await stack.up();
  });
});
