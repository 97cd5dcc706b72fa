import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../support/client";
import { fileSteps, underStrace } from "../../support/fileSteps";
import { asModel, modelSteps } from "../../support/keeper/modelSteps";
import type { Request } from "../../support/keeper/registryClient";
import * as model from "../../support/keeper/registryClient";
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
    return found.map(withNames);
  }

  const withNames = (step: string): string =>
    named.reduce(
      (text, [name, [blob]]) =>
        text.replaceAll(new RegExp(`sha256/(../)?${blob?.digest.slice(7)}`, "g"), name),
      step.replace("repositories/", ""),
    );

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

  /** The steps of the model's registry for the same request, by which all interleavings are gone through. */
  const modelled = (request: Request, isThere = false) => modelSteps(request, () => isThere).map(withNames);

  it("are, for a blob that is new, those of the model: look for it, move it into place, link it", async () => {
    const expected = modelled(model.putBlob("n", layer.digest));
    assert.equal(expected.length, 3);
    assert.deepEqual(await steps(201, () => putBlob(layer)), expected);
  });

  it("are, for a blob that is there: look for it, link it anew", async () => {
    const expected = modelled(model.putBlob("n", layer.digest), true);
    assert.equal(expected.length, 2);
    assert.deepEqual(await steps(201, () => putBlob(layer)), expected);
  });

  it("are, for a mount: read the other repository's link, look for the blob, link it", async () => {
    const expected = modelled(model.mount("n", "n/b", layer.digest));
    assert.equal(expected.length, 3);
    assert.deepEqual(await steps(201, () => started("n/b", `?mount=${layer.digest}&from=n`)), expected);
  });

  it("are, for a manifest: its references one by one, the blob, the revision, the tag's index, the tag", async () => {
    await putBlob(image.blobs[0] ?? layer);
    const expected = modelled(model.putManifest("n", asModel(image), "1"));
    assert.equal(expected.length, 4 + 5);
    assert.deepEqual(await steps(201, () => putManifest("1", image)), expected);
  });

  it("are the same for a manifest that is there but for the writing of its blob; no layer's link is written", async () => {
    for (const tag of ["1", undefined]) {
      const expected = modelled(model.putManifest("n", asModel(image), tag), true);
      assert.equal(expected.length, 4 + 2 + (tag === undefined ? 0 : 2));
      assert.deepEqual(await steps(201, () => putManifest(tag ?? image.digest, image)), expected);
    }
  });

  it("are, for an index: the revisions of its children in place of layers", async () => {
    const expected = modelled(model.putManifest("n", asModel(index), "1"));
    assert.equal(expected.length, 2 + 5);
    assert.deepEqual(await steps(201, () => putManifest("1", index)), expected);
  });

  it("ask nothing about the subject of a manifest", async () => {
    for (const blob of nowhere.blobs) await putBlob(blob);
    const expected = modelled(model.putManifest("n", { ...asModel(nowhere), subject: image.digest }));
    assert.equal(expected.length, 4 + 3);
    assert.deepEqual(await steps(201, () => putManifest(nowhere.digest, nowhere)), expected);
  });

  /** Of a deletion nothing else counts: the order within a folder is that of the disk. */
  const unlinked = (found: readonly string[]) => found.filter((step) => step.startsWith("unlink")).sort();

  it("are, for the deletion of a manifest: its revision first, then every tag that points to it", async () => {
    await putManifest("2", index);
    const found = await steps(202, () => remove(index.digest));
    const modelIndex = asModel(index);
    const [read, stat, revision, ...rest] = modelled(model.deleteManifest("n", modelIndex, ["2"]));
    // The registry's own removal looks before.
    assert.deepEqual(found.slice(0, 4), [read, stat, revision?.replace("unlink", "stat"), revision]);
    const other = modelled(model.deleteTag("n", "1", [image.digest, index.digest]));
    assert.deepEqual(unlinked(found.slice(4)), unlinked([...rest, ...other]));
    assert.equal(unlinked(found).length, 6);
    assert.equal(found.filter((step) => step.startsWith("write")).length, 0);
  });

  it("are, for the deletion of a tag: its links one by one, and nothing of its manifest", async () => {
    await putManifest("3", image);
    const found = await steps(202, () => remove("3"));
    assert.deepEqual([...found].sort(), unlinked(modelled(model.deleteTag("n", "3", [image.digest]))));
    assert.equal(found.length, 2);
  });
});
