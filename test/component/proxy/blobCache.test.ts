import assert from "node:assert/strict";
import { test } from "node:test";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { declare, declareFailing } from "../../support/mocks";

const kept = "/var/tmp";
const bucket: Partial<PrivateRegistryArgs> = {
  storage: { s3: { endpoint: "https://s3.example.com", bucket: "registry" } },
};
const registry = (args: Partial<PrivateRegistryArgs>) => () =>
  new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args });

test("blobs of a bucket are kept in a volume, which the check of nginx does not touch", async () => {
  const { get } = await declare(registry({ ...bucket, blobCache: {} }));
  const places = (name: string) =>
    get(name).inputs.volumes.map(({ containerPath }: { containerPath: string }) => containerPath);
  assert.ok(places("main-proxy-container").includes(kept));
  assert.ok(!places("main-proxy-stage").includes(kept));
  // As root nginx gives it to its own user, on a root that it cannot write.
  assert.match(get("main-proxy-stage").inputs.tmpfs[kept], /^rw,/);
});

test("nothing of it is there where it is not asked for", async () => {
  const { get, resources } = await declare(registry(bucket));
  assert.ok(resources.every(({ name }) => name !== "main-proxy-blob-cache"));
  assert.equal(get("main-proxy-stage").inputs.tmpfs[kept], undefined);
});

test("it is refused for images on a disk, and beside headers that would be kept, too", async () => {
  const onDisk = await declareFailing(registry({ blobCache: {} }));
  assert.match(onDisk.message, /blobCache: the images are on this disk already/);
  const headers = await declareFailing(
    registry({ ...bucket, blobCache: {}, registry: { headers: { "X-Own": ["1"] } } }),
  );
  assert.match(headers.message, /blobCache: what registry.headers says would be kept/);
});
