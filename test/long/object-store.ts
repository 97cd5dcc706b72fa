import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output, run } from "../../tools/shell";
import { removeByLabels } from "../../tools/temporaryStack";
import { RegistryClient } from "../support/client";
import { PrintedPage } from "../support/printedPage";
import { type Count, nobodyListens, pullLoop } from "../support/probers";
import { type S3Server, startS3 } from "../support/s3Server";
import { expectSame, type Skopeo, skopeo } from "../support/skopeo";
import { abandonUpload, partsIn, pushInParts } from "../support/storeParts";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

const project = "private-registry-bucket";
const [port, s3Port] = [18768, 18769];
const pushed = ["team/app:1", "team/app:2", "team/web:1"];

/** docs/object-store.md, run as it is printed, and what a bucket makes of uploads in parts and of one that nobody ends. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const store = await startS3(s3Port);
  const page = new PrintedPage("docs/object-store.md", project, port);
  try {
    const results = await walkPage(page, store);
    for (const result of results) say(result);
    noteProof("object-store", commit, results.join("; "));
    return 0;
  } finally {
    await page.down();
    await run(["docker", "volume", "rm", "registry-images"]);
    await removeByLabels([`label=private-registry.project=${project}`]);
    await store.remove();
  }
});

async function walkPage(page: PrintedPage, store: S3Server): Promise<string[]> {
  await page.up();
  const password = await page.shell.run("npm run -s show -- credentials admin");
  const ca = await page.npm("run", "-s", "show", "--", "caCertificate");
  const client = skopeo(`localhost:${port}`, ca, `admin:${password}`);
  const api = new RegistryClient(port, ca, "localhost");
  try {
    const digests = new Map<string, string>();
    for (const image of pushed) digests.set(image, await client.push(image, [300_000, 6_000_000]));
    store.makeBucket("registry-images");
    writeFileSync(join(page.folder, "bucket.yaml"), bucketOfPage(store));
    await page.shell.run(`export AWS_SECRET_ACCESS_KEY=${store.secretKey}`);
    const there = await whilePulling(client, () => moveAndSwitch(page, "Move to a bucket"));
    await expectSame(client, digests);
    say("moved to the bucket by the page's commands");

    const results = await uploads(api, `admin:${password}`, store);
    await client.delete("team/app:2");
    const collected = await page.shell.run(`{ ${page.take("Collect")} } 2>&1`);
    assert.match(collected, /eligible for deletion; [1-9][\d.]* MB freed/);
    digests.delete("team/app:2");
    await expectSame(client, digests);

    const back = await whilePulling(client, () => moveAndSwitch(page, "Move back"));
    await expectSame(client, digests);
    assert.deepEqual([...page.blocks.keys()], []);
    const [failed, pulled] = [there.failures.length + back.failures.length, there.requests + back.requests];
    const pulls = `${failed} of ${pulled} pulls meanwhile failed, all while the proxy was replaced`;
    return [`to a bucket and back by the page's commands, each digest equal, ${pulls}`, ...results];
  } finally {
    client.remove();
  }
}

/** The file of the page, with this store. */
function bucketOfPage({ endpoint, accessKey }: S3Server): string {
  const page = readFileSync(join(__dirname, "../../docs/object-store.md"), "utf8");
  const [, text = ""] = /^```yaml\n(s3:\n.*?)^```$/ms.exec(page) ?? [];
  return text
    .replace(/endpoint: .*/, `endpoint: ${endpoint}`)
    .replace(/accessKey: .*/, `accessKey: ${accessKey}`);
}

/** The commands of the page, and the lines that the last of them prints. */
async function moveAndSwitch(page: PrintedPage, heading: string): Promise<void> {
  const said = await page.shell.run(`{ ${page.take(heading)} } 2>&1`);
  const lines = said.slice(said.indexOf("This stack takes them with:")).match(/^ {2}.*$/gm) ?? [];
  assert.match(lines.at(-1) ?? "", /npm run up/, said);
  await page.shell.run(lines.join("\n"));
}

/** Pulls an image again and again meanwhile, over each `up`, too, and fails only while the proxy is replaced. */
async function whilePulling(client: Skopeo, work: () => Promise<void>): Promise<Count> {
  const pulling = pullLoop(client, "team/app:1");
  await work().finally(() => pulling.stop());
  const count = await pulling.stop();
  assert.deepEqual(
    count.failures.filter((failure) => !nobodyListens.test(failure)),
    [],
  );
  return count;
}

/** 100 MB in parts of some sizes, and one upload that nobody ends. */
async function uploads(api: RegistryClient, user: string, store: S3Server): Promise<string[]> {
  const figures: string[] = [];
  for (const megabytes of [100, 10, 5, 1]) {
    const seconds = await pushInParts(api, user, "team/parts", 100_000_000, megabytes * 1_000_000);
    figures.push(`${megabytes} MB ${seconds.toFixed(1)} s`);
    say(`100 MB in parts of ${figures.at(-1)}`);
  }
  const bucket = join(store.folder, "registry-images");
  const before = partsIn(bucket);
  await abandonUpload(api, user, "team/parts", 12_000_000);
  const left = partsIn(bucket) - before;
  assert.ok(left > 0, "an upload that nobody ends leaves something");
  return [
    `100 MB in parts: ${figures.join(", ")}`,
    `an upload of 12 MB that nobody ended left ${left} files that no listing shows`,
  ];
}
