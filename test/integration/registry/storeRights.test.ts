import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { shellScript } from "../../../components/base/shellScript";
import { storeConfig } from "../../../components/registry/registryConfig";
import { run } from "../../../tools/shell";
import { registryProgram } from "../../support/registryProcess";
import { type S3Server, startS3 } from "../../support/s3Server";

const s3Port = 18586;
const address = "127.0.0.1:18587";
const script = join(__dirname, "../../../components/registry/tryStore.sh");

/** What docs/object-store.md says that the key needs, of the bucket and of what is in it. */
const rights = {
  bucket: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
  objects: [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
  ],
};

describe("the trial of a bucket", () => {
  let store: S3Server;
  let program: string;
  const folder = mkdtempSync(join(tmpdir(), "private-registry-rights-"));
  const config = join(folder, "store.yml");

  before(async () => {
    program = await registryProgram();
    store = await startS3(s3Port);
    store.makeBucket("images");
    await store.makeUser("pusher", "a-secret-of-it");
  });

  after(async () => {
    await store?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The trial with these settings in one of the shells and by one of the programs that images have. */
  async function trial(change: object = {}, shell: readonly string[] = ["dash"], hidden = "nc") {
    const s3 = {
      ...{ bucket: "images", folder: "team", endpoint: store.endpoint, region: "us-east-1" },
      ...{ accessKey: "pusher", secretKey: "a-secret-of-it", pathStyle: true, redirect: false },
    };
    writeFileSync(config, storeConfig({ ...s3, ...change }, address));
    const text = shellScript(script, { STORE_CONFIG: config, STORE_ADDRESS: address });
    const files = join(folder, "files");
    // The image has one of both, and a folder of its own for files.
    const command = text
      .replace(`command -v ${hidden} `, "false ")
      .replaceAll(/\/tmp\/(?=answer|problems|request)/g, `${files}-`)
      .replace("timeout 60 nc", "timeout 60 busybox nc");
    const env = { PATH: `${dirname(program)}:${process.env.PATH}`, OTEL_TRACES_EXPORTER: "none" };
    for (const name of ["answer", "problems", "request"]) rmSync(`${files}-${name}`, { force: true });
    return run([...shell, "-c", command], { env });
  }

  const allowOnly = (wanted: (right: string) => boolean) =>
    store.setPolicy("images", "pusher", rights.bucket.filter(wanted), rights.objects.filter(wanted));

  it("goes well with the rights of the page, with the tools of each image", async () => {
    await allowOnly(() => true);
    for (const [shell, hidden] of [
      [["dash"], "nc"],
      [["busybox", "sh"], "bash"],
    ] as const) {
      const { status, stderr } = await trial({}, shell, hidden);
      assert.equal(status, 0, stderr);
    }
  });

  for (const [right, what] of [
    ["s3:ListBucket", "list what is there"],
    ["s3:PutObject", "write"],
    ["s3:ListBucketMultipartUploads", "write in parts and read what it wrote"],
    ["s3:DeleteObject", "delete"],
    ["s3:AbortMultipartUpload", "delete"],
    ["s3:GetObject", "write in parts and read what it wrote"],
    ["s3:ListMultipartUploadParts", "write in parts and read what it wrote"],
  ] as const)
    it(`says that a key without ${right} may not ${what}`, async () => {
      await allowOnly((each) => each !== right);
      const { status, stderr } = await trial();
      assert.notEqual(status, 0);
      assert.match(stderr, new RegExp(`^storage\\.s3: the key may not ${what}; give it the rights`));
    });

  it("names the setting that is wrong", async () => {
    await allowOnly(() => true);
    for (const [change, expected] of [
      [{ bucket: "other" }, /^storage\.s3\.bucket: the store has no such bucket/],
      [{ accessKey: "nobody" }, /^storage\.s3\.accessKey: the store does not know that key/],
      [{ secretKey: "wrong" }, /^storage\.s3\.secretKey: it is not the secret/],
      [{ endpoint: "http://127.0.0.1:9" }, /^storage\.s3\.endpoint: the store does not answer there/],
      [{ endpoint: "https://nowhere.invalid" }, /^storage\.s3\.endpoint: the store does not answer there/],
      [{ endpoint: store.endpoint.replace("http", "https") }, /^storage\.s3\.endpoint: its certificate/],
      [{ endpoint: undefined, region: "nowhere-1" }, /^storage\.s3\.region: it is not the bucket's/],
    ] as const) {
      const { status, stderr } = await trial(change);
      assert.notEqual(status, 0);
      assert.match(stderr, expected);
    }
  });
});
