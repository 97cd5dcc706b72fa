import assert from "node:assert/strict";
import { test } from "node:test";
import { type Image, imageOf, indexOf, layerOf, referrerOf } from "../../support/keeperStress/images";
import { makeLedger } from "../../support/keeperStress/ledger";

const image = (name: string) => imageOf([layerOf(name)], name);
const signatureTag = ({ digest }: Image) => `${digest.replace(":", "-")}.sig`;
const done = async () => undefined;

test("what has no tag but one about something deleted may go, and what is about it too", async () => {
  const ledger = makeLedger();
  const [subject, plain] = [image("subject"), image("plain")];
  const about = referrerOf(plain, "plain");
  await ledger.pushing("n", "v", subject, done);
  await ledger.pushing("n", signatureTag(subject), plain, done);
  await ledger.pushing("n", signatureTag(plain), about, done);
  await ledger.pushing("n", "other", image("other"), done);
  for (const { digest } of [subject, plain, about]) assert.ok(ledger.mustKeep("n", digest), digest);
  await ledger.deletingImage("n", subject, async () => true);
  assert.ok(!ledger.mustBe("n", signatureTag(subject)));
  assert.ok(!ledger.mustBe("n", signatureTag(plain)));
  for (const { digest } of [plain, about]) assert.ok(!ledger.mustKeep("n", digest), digest);
  assert.ok(ledger.mustKeep("n", image("other").digest));
});

test("what another tag or an index needs stays, until it is left with the tag about something deleted", async () => {
  const ledger = makeLedger();
  const [subject, plain, child] = [image("subject"), image("plain"), image("child")];
  await ledger.pushing("n", "v", subject, done);
  await ledger.pushing("n", signatureTag(subject), plain, done);
  await ledger.pushing("n", "w", plain, done);
  await ledger.deletingImage("n", subject, async () => true);
  assert.ok(ledger.mustKeep("n", plain.digest));
  await ledger.pushing("n", "index", indexOf([plain, child]), done);
  await ledger.deletingTag("n", "w", async () => {});
  assert.ok(ledger.mustKeep("n", plain.digest));
  await ledger.deletingTag("n", "index", async () => {});
  assert.ok(!ledger.mustKeep("n", plain.digest));
  assert.ok(ledger.mustKeep("n", child.digest));
});

test("what is pushed again must be there again", async () => {
  const ledger = makeLedger();
  const [subject, plain] = [image("subject"), image("plain")];
  await ledger.pushing("n", "v", subject, done);
  await ledger.pushing("n", signatureTag(subject), plain, done);
  await ledger.deletingImage("n", subject, async () => true);
  await ledger.pushing("n", "w", plain, done);
  assert.ok(ledger.mustKeep("n", plain.digest));
  assert.ok(!ledger.mustBe("n", signatureTag(subject)));
});

test("what a client could not delete, as the keeper had taken it, may come back with its subject", async () => {
  const ledger = makeLedger();
  const [subject, plain] = [image("subject"), image("plain")];
  const about = referrerOf(subject, "about");
  await ledger.pushing("n", "v", subject, done);
  await ledger.pushing("n", "w", about, done);
  await ledger.deletingTag("n", "w", async () => {});
  await ledger.deletingImage("n", subject, async () => true);
  await ledger.deletingImage("n", about, async () => false);
  assert.deepEqual(
    [ledger.manifests("n").has(about.digest), ledger.mustKeep("n", about.digest)],
    [true, false],
  );
  await ledger.pushing("n", "other", plain, done);
  await ledger.deletingImage("n", plain, async () => true);
  assert.ok(!ledger.manifests("n").has(plain.digest));
});

test("what has no tag may go where such go, with what is about it, and stays where such are kept again", async () => {
  const ledger = makeLedger();
  const [plain, child, later] = [image("plain"), image("child"), image("later")];
  const [index, about] = [indexOf([child]), referrerOf(plain, "about")];
  const keeps = (...images: readonly Image[]) => images.map(({ digest }) => ledger.mustKeep("n", digest));
  ledger.untaggedGo = true;
  await ledger.pushing("n", "v", plain, done);
  await ledger.pushing("n", "about", about, done);
  await ledger.pushing("n", "index", index, done);
  await ledger.deletingTag("n", "about", done);
  await ledger.pushing("n", signatureTag(plain), later, done);
  assert.deepEqual(keeps(plain, about, index, child, later), [true, true, true, true, true]);
  await ledger.pushing("n", "v", image("newer"), done);
  assert.deepEqual(keeps(plain, about, index, child, later), [false, false, true, true, false]);
  assert.ok(!ledger.mustBe("n", signatureTag(plain)));
  ledger.untaggedGo = false;
  await ledger.deletingTag("n", "index", done);
  assert.deepEqual(keeps(plain, about, index, child), [false, false, true, true]);
  await ledger.pushing("n", "again", plain, done);
  await ledger.deletingTag("n", "again", done);
  assert.deepEqual(keeps(plain), [true]);
});
