import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { collectBucket, endPause } from "../../../tools/store/collect";
import { type Move, moveImages } from "../../../tools/store/move";
import { runningRegistry } from "../../../tools/store/runningRegistry";
import { type InfraStack, identityOf, infraStack, rcloneImage } from "../../../tools/temporaryStack";
import { type Answer, RegistryClient } from "../../support/client";
import { manifestType } from "../../support/keeperStress/images";
import { nobodyListens, pullLoop } from "../../support/probers";
import { type S3Server, startS3 } from "../../support/s3Server";
import { type Skopeo, skopeo } from "../../support/skopeo";
import { digestOf, smallImage } from "../../support/smallImage";
import { abandonUpload, partsIn } from "../../support/storeParts";

const [port, s3Port] = [18584, 18585];
const user = "ci:right";
const prefix = "private-registry-object-store-main";
const registry = `${prefix}-registry`;
const volume = "private-registry-object-store-moved";
const { layer, manifest } = smallImage(1_500_000);

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
    await run(["docker", "volume", "rm", volume]);
    await store?.remove();
  });

  it("takes and gives images, changes nothing at a second preview, and shows its key to nobody", async () => {
    const digest = await images.push("team/app:1", [6_000_000, 100]);
    assert.equal(await images.digest("team/app:1"), digest);
    assert.equal((await images.pull("team/app:1")).status, 0);
    await stack.expectNoChanges();
    const state = await output(["pulumi", "stack", "export", "--stack", "object-store"], stack.cli);
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
    await until("it serves", async () => (await ask("/v2/team/app/tags/list")).status === 200);
    assert.equal((await images.pull("team/app:1")).status, 0);
    assert.equal(await identityOf(registry), before);
  });

  it("is not replaced by one whose bucket or key is wrong, and the up says which", async () => {
    const before = await identityOf(registry);
    for (const [change, expected] of [
      [{ s3: { bucket: "images2" } }, /storage\.s3\.bucket: the store has no such bucket/],
      [{ secretKey: "wrong" }, /storage\.s3\.secretKey: it is not the secret of that access key/],
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

  /** The image that is deleted, collected and pushed again, as clients push it: what is said to be there is not sent. */
  async function pushAgain(): Promise<void> {
    for (const content of [layer, "{}"]) {
      const digest = digestOf(content);
      if ((await ask(`/v2/team/gone/blobs/${digest}`, "HEAD")).status === 200) continue;
      const { headers } = await ask("/v2/team/gone/blobs/uploads/", "POST");
      const target = `${headers.location}&digest=${encodeURIComponent(digest)}`;
      assert.equal((await client.ask(target, { method: "PUT", user, body: content })).status, 201);
    }
    const headers = { "Content-Type": manifestType };
    const target = "/v2/team/gone/manifests/1";
    assert.equal((await client.ask(target, { method: "PUT", user, headers, body: manifest })).status, 201);
    assert.equal((await ask(`/v2/team/gone/blobs/${digestOf(layer)}`)).body, layer);
  }

  const collection = async () => ({
    registry: await runningRegistry(registry, "dev", process.env),
    rcloneImage,
    ...{ untagged: false, dryRun: false, hasProxy: true, uploadHours: 0 },
    ...{ settleSeconds: 2, patienceSeconds: 20 },
  });
  const startUpload = () => ask("/v2/team/app/blobs/uploads/", "POST");

  it("gives space back while pulls go on and pushes are told why, and takes the same image again", async () => {
    await pushAgain();
    assert.equal((await ask(`/v2/team/gone/manifests/${digestOf(manifest)}`, "DELETE")).status, 202);
    await abandonUpload(client, user, "team/app", 6_000_000);
    const bucket = join(store.folder, "images");
    assert.ok(partsIn(bucket) > 0);
    const collecting = collectBucket(await collection());
    await until("pushes are refused", async () => (await startUpload()).status === 403);
    const refused = await ask("/v2/team/app/manifests/1", "PUT");
    assert.deepEqual([refused.status, JSON.parse(refused.body).errors[0].code], [403, "DENIED"]);
    assert.match(refused.body, /takes no push for some minutes: try again then/);
    assert.equal((await client.ask("/v2/team/app/manifests/1", { method: "PUT" })).status, 401);
    assert.equal((await images.pull("team/app:1")).status, 0);
    assert.match(
      await collecting,
      /^\d+ blobs marked, 3 blobs and \d+ manifests eligible for deletion; 2\.0 MB freed/,
    );
    assert.equal(partsIn(bucket), 0, "an upload that nobody ended leaves nothing");
    assert.equal((await startUpload()).status, 202);
    assert.equal((await ask(`/v2/team/gone/blobs/${digestOf(layer)}`, "HEAD")).status, 404);
    await pushAgain();
  });

  it("takes pushes again after a collection that was killed, by the next command", async () => {
    const killed = collectBucket(await collection()).catch((error) => error);
    await until("pushes are refused", async () => (await startUpload()).status === 403);
    assert.equal(await endPause(registry, process.env), false, "one that works is left alone");
    const filter = ["--filter", "label=private-registry-collection"];
    await output(["docker", "kill", ...(await output(["docker", "ps", "-q", ...filter])).split("\n")]);
    assert.match(String(await killed), /nothing more was collected/);
    assert.equal((await startUpload()).status, 403);
    assert.equal(await endPause(registry, process.env), true);
    assert.equal((await startUpload()).status, 202);
  });

  it("moves all images to a volume and back, each with its digest, and pulls fail only while the proxy is replaced", async (test) => {
    const digests = [await images.digest("team/app:1"), await images.digest("team/gone:1")];
    const readOnly = { registry: { readOnly: true } };
    const moving = async (to: Move["to"]) =>
      moveImages({ registry: await runningRegistry(registry, "dev", process.env), rcloneImage, to });
    const same = async () => {
      assert.deepEqual([await images.digest("team/app:1"), await images.digest("team/gone:1")], digests);
      assert.equal((await images.pull("team/gone:1")).status, 0);
    };
    // Over each `up`, too: the proxy gets the volume, or loses it, and is replaced for that.
    const pulling = pullLoop(images, "team/app:1");
    test.after(() => pulling.stop());
    // Of a run that was killed.
    await run(["docker", "volume", "rm", volume]);
    await output(["docker", "volume", "create", volume]);
    const first = await moving(volume);
    assert.deepEqual([first.isWhole, first.blobs], [false, first.proven]);

    await images.push("team/late:1", [1000]);
    stack.configure({ ...config(), ...readOnly });
    await stack.up();
    const second = await moving(volume);
    assert.deepEqual([second.isWhole, second.proven], [true, second.blobs - first.blobs]);
    const { storageSecretKey, ...others } = config();
    stack.configure({ ...others, ...readOnly, storage: { volumeName: volume } });
    await stack.up();
    await same();
    assert.equal((await images.pull("team/late:1")).status, 0);

    store.makeBucket("back");
    const { accessKey, secretKey, endpoint } = store;
    const s3 = {
      bucket: "back",
      endpoint,
      accessKey,
      secretKey,
      region: "us-east-1",
      pathStyle: true,
      redirect: false,
    };
    const third = await moving({ s3 });
    assert.deepEqual(third, { blobs: second.blobs, proven: second.blobs, isWhole: true });
    stack.configure(config({ s3: { bucket: "back", folder: undefined } }));
    await stack.up();
    await same();
    const { requests, failures } = await pulling.stop();
    test.diagnostic(`${failures.length} of ${requests} pulls failed`);
    assert.ok(requests - failures.length > 5, `${requests} pulls`);
    assert.deepEqual(
      failures.filter((failure) => !nobodyListens.test(failure)),
      [],
    );
  });
});
