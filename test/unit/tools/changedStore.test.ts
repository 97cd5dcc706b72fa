import assert from "node:assert/strict";
import { test } from "node:test";
import { storeNotice, storeRefusal } from "../../../tools/recovery/changedStore";
import { volumeType } from "../../../tools/state";
import { resource, snapshot } from "../../support/dockerHost";

const s3 = { bucket: "images", folder: "a" };
const inBucket = { storage: { s3 } };
const stateIn = (dataLocation: string) =>
  snapshot({ ...resource("stack", "", { type: "pulumi:pulumi:Stack" }), outputs: { dataLocation } });

test("an up that looks for the images in another store says so, with the command that moves them", () => {
  for (const [settings, previous] of [
    [inBucket, "p-dev-main-data"],
    [inBucket, "s3://images/b"],
    [{}, "s3://images/a"],
    [{ storage: { volumeName: "registry" } }, "s3://images/a"],
  ] as const) {
    const text = storeNotice("prod", settings, stateIn(previous)) ?? "";
    assert.ok(text.includes(`so far are in ${previous}`), text);
    assert.match(text, /npm run move -- --stack prod/);
  }
});

test("nothing is said of a new stack, of the same bucket, or of a disk, which others look after", () => {
  assert.equal(storeNotice("dev", inBucket, undefined), undefined);
  assert.equal(storeNotice("dev", inBucket, stateIn("s3://images/a")), undefined);
  assert.equal(storeNotice("dev", {}, stateIn("p-dev-main-data")), undefined);
});

test("a volume that would be deleted with the change keeps the up from it", () => {
  const volume = (retainOnDelete: boolean) =>
    snapshot({ ...resource("data", "images", { type: volumeType }), retainOnDelete });
  assert.match(storeRefusal("dev", inBucket, volume(false)) ?? "", /would delete the volume/);
  assert.match(storeRefusal("dev", inBucket, volume(false)) ?? "", /npm run up -- --new-data$/);
  assert.match(storeRefusal("a", inBucket, volume(false)) ?? "", /npm run up -- --stack a --new-data$/);
  assert.equal(storeRefusal("dev", inBucket, volume(true)), undefined);
  assert.equal(storeRefusal("dev", {}, volume(false)), undefined);
  assert.equal(storeRefusal("dev", inBucket, undefined), undefined);
});
