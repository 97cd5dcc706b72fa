import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { addressOf, type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { servedChain } from "../../support/servedChain";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 18573;
const registry = "private-registry-rotation-direct-main-registry";
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "ci" }],
  front: "direct",
};
/** More than the buffers of a connection hold, 32 MB on one side and 4 MB on the other, so that a waiting reader keeps it open. */
const layerBytes = 64_000_000;

describe("a registry that serves its certificate itself", () => {
  let stack: InfraStack;
  let puller: Skopeo;
  let ca: string;
  let user: string;

  before(async () => {
    stack = await infraStack("rotation-direct", config);
    const { caCertificate, credentials } = await stack.up();
    ca = String(caCertificate);
    user = `ci:${(credentials as { [name: string]: string }).ci}`;
    puller = skopeo(`127.0.0.1:${port}`, ca, user);
    await puller.push("team/app:1", [layerBytes]);
  });

  after(async () => {
    puller?.remove();
    await stack?.remove();
  });

  /** The digest of the layer, as its manifest names it. */
  async function layerDigest(): Promise<string> {
    const accept = { Accept: "application/vnd.oci.image.manifest.v1+json" };
    const { body } = await new RegistryClient(port, ca).ask("/v2/team/app/manifests/1", {
      user,
      headers: accept,
    });
    return JSON.parse(body).layers[0].digest;
  }

  /** As a client elsewhere gets it: docker-proxy, which Docker puts before clients of this host, ends with the container. */
  const answerTo = async (path: string) => {
    const reached = { host: await addressOf(registry), port: 5000, checkServerIdentity: () => undefined };
    return new Promise<IncomingMessage>((resolve, reject) => {
      const target = { ...reached, path, ca, auth: user, agent: false };
      const outgoing = request(target, (response) => {
        response.pause();
        resolve(response);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  };

  it("is replaced by one with the new certificate, and finishes first what is under way", async (test) => {
    const identity = await identityOf(registry);
    const [old] = await servedChain("127.0.0.1", port);
    const digest = await layerDigest();
    const download = await answerTo(`/v2/team/app/blobs/${digest}`);
    assert.equal(download.statusCode, 200);

    stack.configure({ ...config, certificate: { validityDays: 300 } });
    let stopping: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stopping = resolve;
    });
    const onOutput = (text: string) => {
      if (/main-registry-container deleting original/.test(text)) stopping();
    };
    const up = stack.stack.up({ onOutput });
    try {
      await Promise.race([stopped, up]);
      // The registry was told to stop, and this reader has not read anything yet.
      await sleep(3000);
      const hash = createHash("sha256");
      const started = Date.now();
      for await (const chunk of download) hash.update(chunk);
      assert.equal(`sha256:${hash.digest("hex")}`, digest);
      test.diagnostic(`${layerBytes} bytes read within ${Date.now() - started} ms, after the stop`);
    } finally {
      await up;
    }

    assert.notEqual(await identityOf(registry), identity);
    const [renewed] = await servedChain("127.0.0.1", port);
    assert.notEqual(renewed?.fingerprint256, old?.fingerprint256);
    assert.equal((await puller.pull("team/app:1")).status, 0, "by a client that was told nothing");
    await stack.expectNoChanges();
  });
});
