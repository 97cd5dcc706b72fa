import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../support/client";
import { fileSteps, underStrace } from "../../support/fileSteps";
import {
  type Blob,
  type Image,
  imageOf,
  indexOf,
  layerOf,
  referrerOf,
} from "../../support/keeperStress/images";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";

const layer = layerOf("layer");
const image = imageOf([layer], "image");
const index = indexOf([image]);
const nowhere = referrerOf({ ...image, digest: `sha256:${"0".repeat(64)}` }, "nothing that is there");
const named: readonly [name: string, blobs: readonly Blob[]][] = [
  ["LAYER", [layer]],
  ["CONFIG", image.blobs.slice(0, 1)],
  ["IMAGE", [image]],
  ["INDEX", [index]],
  ["REFERRER", [nowhere]],
  ["EMPTY", nowhere.blobs.slice(0, 1)],
  ["SAID", nowhere.blobs.slice(1)],
];

describe("the registry's file operations, on whose order the collection relies,", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-order-"));
  const dataFolder = join(folder, "data");
  const trace = join(folder, "trace");
  let registry: RegistryProcess;

  before(async () => {
    registry = await startRegistry({ dataFolder, under: underStrace(trace) });
  });

  after(async () => {
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function settled(): Promise<void> {
    let size = -1;
    while (size !== statSync(trace).size) {
      size = statSync(trace).size;
      await sleep(300);
    }
  }

  /** What a request did, with names in place of digests. */
  async function steps(status: number, request: () => Promise<Answer>): Promise<string[]> {
    const from = statSync(trace).size;
    assert.equal((await request()).status, status);
    await settled(); // strace writes a little later
    const found = fileSteps(trace, from, join(dataFolder, "docker/registry/v2"));
    return found.map((step) =>
      named.reduce(
        (text, [name, [blob]]) =>
          text.replaceAll(new RegExp(`sha256/(../)?${blob?.digest.slice(7)}`, "g"), name),
        step.replace("repositories/", ""),
      ),
    );
  }

  const started = (repository: string, query = "") =>
    registry.ask(`/v2/${repository}/blobs/uploads/${query}`, { method: "POST" });

  async function putBlob({ digest, content }: Blob): Promise<Answer> {
    const { headers } = await started("n");
    return registry.ask(`${headers.location}&digest=${digest}`, { method: "PUT", body: content });
  }

  const putManifest = (reference: string, { content, mediaType }: Image) =>
    registry.ask(`/v2/n/manifests/${reference}`, {
      method: "PUT",
      body: content,
      headers: { "Content-Type": mediaType },
    });

  const remove = (reference: string) => registry.ask(`/v2/n/manifests/${reference}`, { method: "DELETE" });

  it("are, for a blob that is new: look for it, move it into place, link it", async () => {
    assert.deepEqual(await steps(201, () => putBlob(layer)), [
      "stat blobs/LAYER/data",
      "write blobs/LAYER/data",
      "write n/_layers/LAYER/link",
    ]);
  });

  it("are, for a blob that is there: look for it, link it anew", async () => {
    assert.deepEqual(await steps(201, () => putBlob(layer)), [
      "stat blobs/LAYER/data",
      "write n/_layers/LAYER/link",
    ]);
  });

  it("are, for a mount: read the other repository's link, look for the blob, link it", async () => {
    assert.deepEqual(await steps(201, () => started("n/b", `?mount=${layer.digest}&from=n`)), [
      "read n/_layers/LAYER/link",
      "stat blobs/LAYER/data",
      "write n/b/_layers/LAYER/link",
    ]);
  });

  const verified = [
    "read n/_layers/CONFIG/link",
    "stat blobs/CONFIG/data",
    "read n/_layers/LAYER/link",
    "stat blobs/LAYER/data",
  ];
  const revision = "write n/_manifests/revisions/IMAGE/link";
  const tagged = ["write n/_manifests/tags/1/index/IMAGE/link", "write n/_manifests/tags/1/current/link"];

  it("are, for a manifest: its references one by one, the blob, the revision, the tag's index, the tag", async () => {
    for (const config of image.blobs.slice(0, 1)) await putBlob(config);
    assert.deepEqual(await steps(201, () => putManifest("1", image)), [
      ...verified,
      "stat blobs/IMAGE/data",
      "write blobs/IMAGE/data",
      revision,
      ...tagged,
    ]);
  });

  it("are the same for a manifest that is there but for the writing of its blob; no layer's link is written", async () => {
    const again = [...verified, "stat blobs/IMAGE/data", revision];
    assert.deepEqual(await steps(201, () => putManifest("1", image)), [...again, ...tagged]);
    assert.deepEqual(await steps(201, () => putManifest(image.digest, image)), again);
  });

  it("are, for an index: the revisions of its children in place of layers", async () => {
    assert.deepEqual(await steps(201, () => putManifest("1", index)), [
      "read n/_manifests/revisions/IMAGE/link",
      "stat blobs/IMAGE/data",
      "stat blobs/INDEX/data",
      "write blobs/INDEX/data",
      "write n/_manifests/revisions/INDEX/link",
      "write n/_manifests/tags/1/index/INDEX/link",
      "write n/_manifests/tags/1/current/link",
    ]);
  });

  it("ask nothing about the subject of a manifest", async () => {
    for (const blob of nowhere.blobs) await putBlob(blob);
    assert.deepEqual(await steps(201, () => putManifest(nowhere.digest, nowhere)), [
      "read n/_layers/EMPTY/link",
      "stat blobs/EMPTY/data",
      "read n/_layers/SAID/link",
      "stat blobs/SAID/data",
      "stat blobs/REFERRER/data",
      "write blobs/REFERRER/data",
      "write n/_manifests/revisions/REFERRER/link",
    ]);
  });

  it("are, for the deletion of a manifest: its revision first, then every tag that points to it", async () => {
    await putManifest("2", index);
    const [read, stat, look, unlinked, ...tags] = await steps(202, () => remove(index.digest));
    assert.deepEqual(
      [read, stat, look, unlinked],
      [
        "read n/_manifests/revisions/INDEX/link",
        "stat blobs/INDEX/data",
        "stat n/_manifests/revisions/INDEX/link",
        "unlink n/_manifests/revisions/INDEX/link",
      ],
    );
    // The order within a folder is that of the disk.
    const links = ["current", "index/IMAGE", "index/INDEX"].map((path) => `n/_manifests/tags/1/${path}/link`);
    links.push(...["current", "index/INDEX"].map((path) => `n/_manifests/tags/2/${path}/link`));
    assert.deepEqual(
      tags.filter((step) => step.startsWith("unlink")).sort(),
      links.map((link) => `unlink ${link}`).sort(),
    );
    assert.equal(tags.filter((step) => step.startsWith("write")).length, 0);
  });

  it("are, for the deletion of a tag: its links one by one, and nothing of its manifest", async () => {
    await putManifest("3", image);
    const found = await steps(202, () => remove("3"));
    assert.deepEqual(found.sort(), [
      "unlink n/_manifests/tags/3/current/link",
      "unlink n/_manifests/tags/3/index/IMAGE/link",
    ]);
  });
});
