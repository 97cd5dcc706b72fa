import assert from "node:assert/strict";
import { test } from "node:test";
import { index } from "../../../components/keeper/program/index";
import { blobFolder, tagLink } from "../../../components/keeper/program/layout";
import type { Request } from "../../../components/keeper/program/request";
import { batchesOf } from "../../../components/keeper/program/trash";
import { answerTo } from "../../../components/keeper/program/verbs";
import { type MemoryRegistry, memoryRegistry, presentOf, whole } from "../../support/keeper/memoryRegistry";
import {
  deleteManifest,
  digestOf,
  type Image,
  layout,
  putBlob,
  putManifest,
} from "../../support/keeper/registryClient";

const image: Image = { digest: digestOf("1"), layers: [digestOf("a")] };
const signature: Image = { digest: digestOf("4"), layers: [digestOf("b")], subject: image.digest };
const about: Image = { digest: digestOf("5"), layers: [digestOf("c")], subject: signature.digest };
const all = [image, signature, about];
const signatureTag = image.digest.replace(":", "-");

/** A signed image that a client deleted, and its signature, which followed; of that something is described in turn. */
function collected(): MemoryRegistry {
  const registry = memoryRegistry();
  for (const each of all) for (const layer of each.layers ?? []) registry.ask(putBlob("n", layer));
  registry.ask(putManifest("n", image, "v"), putManifest("n", signature, signatureTag));
  registry.ask(putManifest("n", about));
  index(registry.context);
  registry.ask(deleteManifest("n", image, ["v"]));
  registry.collect(100);
  registry.collect(25);
  assert.deepEqual(present(registry), ["", "", ""]);
  return registry;
}

const present = (registry: MemoryRegistry) => all.map((each) => presentOf(registry, "n", each));

function restore(registry: MemoryRegistry) {
  const request: Request = { verb: "restore", user: "alice", repository: "n", tag: "v", flags: [] };
  const answer = answerTo(registry.context, request);
  assert.ok(answer);
  const { text, json } = answer;
  return { text, signatures: Object(json).signatures };
}

test("with an image comes back what signs it, and what describes that", () => {
  const registry = collected();
  const { text, signatures } = restore(registry);
  assert.deepEqual(present(registry), [whole, whole, whole]);
  assert.ok(registry.disk.has(tagLink(layout, "n", signatureTag)));
  assert.deepEqual(signatures, { back: [signatureTag, about.digest], lost: [] });
  assert.match(text, /^What signs or describes it is back, too: sha256-1+ and sha256:5+\.$/m);
});

test("a signature of which something is purged is named, and the image is back without it", () => {
  const registry = collected();
  for (const { name } of batchesOf(registry.disk, layout))
    registry.disk.removeFile(
      `${layout.trash}/${name}${blobFolder(layout, digestOf("b")).slice(layout.root.length)}/data`,
    );
  const { text, signatures } = restore(registry);
  assert.equal(present(registry)[0], whole);
  assert.ok(!registry.disk.has(tagLink(layout, "n", signatureTag)));
  assert.deepEqual(signatures, { back: [], lost: [signature.digest] });
  assert.match(text, /^Purged, and to be signed or described anew: sha256:4+\.$/m);
});
