import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run } from "../../../tools/shell";
import { removeByLabels } from "../../../tools/temporaryStack";
import { PrintedPage } from "../../support/printedPage";
import { type Skopeo, skopeo } from "../../support/skopeo";

const project = "private-registry-backup";
const port = 21690;

describe("docs/backup.md, run as it is printed", () => {
  const target = mkdtempSync(join(tmpdir(), "private-registry-target-"));
  const page = new PrintedPage("docs/backup.md", project, port, `    backup: { folder: ${target} }\n`);
  const { shell, folder } = page;
  const pushed = ["team/app:1", "team/app:2", "team/web:1"] as const;
  const digests = new Map<string, string>();
  let client: Skopeo;
  /** What npm run images does, without asking the engine for the login each time. */
  let images: string;

  before(async () => {
    await page.up();
    const password = await shell.run("npm run -s show -- credentials admin");
    client = skopeo(
      `localhost:${port}`,
      await page.npm("run", "-s", "show", "--", "caCertificate"),
      `admin:${password}`,
    );
    await shell.run("npm run -s show -- imagesScript > images.sh");
    images = `REGISTRY_USERNAME=admin REGISTRY_PASSWORD='${password}' sh images.sh`;
    for (const [index, image] of pushed.entries())
      digests.set(image, await client.push(image, [300_000, 100_000 + index]));
  });

  after(async () => {
    client?.remove();
    await page.down();
    await run(["docker", "volume", "rm", "registry-restored"]);
    await removeByLabels([`label=private-registry.project=${project}`]);
    rmSync(target, { recursive: true, force: true });
  });

  const volume = (name: string) =>
    output(["docker", "volume", "inspect", "--format", "{{.Mountpoint}}", name]);
  const blobIn = async (name: string, digest: string) =>
    join(await volume(name), "docker/registry/v2/blobs/sha256", digest.slice(7, 9), digest.slice(7), "data");

  it("makes a backup at once, and says when the last one was", async () => {
    const said = await page.step("Make one now");
    assert.match(said, /^1\.\d MiB of images, 1\.\d MiB of it new; 1\.\d MiB in the backups$/m);
    assert.match(said, /last backup .* UTC: 1\.\d MiB of images.*; next at 02:00 UTC/);
    assert.ok(existsSync(join(target, "config")));
  });

  it("takes a blob that the disk has damaged from the backup", async () => {
    const digest = digests.get("team/app:1") ?? "";
    const file = await blobIn(`${project}-dev-main-data`, digest);
    const bytes = readFileSync(file);
    const [first = 0] = bytes;
    writeFileSync(file, Buffer.from([first ^ 1, ...bytes.subarray(1)]));
    const files = "/etc/private-registry/current";
    await output([
      "docker",
      "exec",
      `${project}-dev-main-keeper`,
      "sh",
      "-c",
      `sed 's/"scrubDays": [0-9]*/"scrubDays": 1/' ${files}/settings.json > /tmp/s.json && node ${files}/keeper.js /tmp/s.json scrub`,
    ]);
    assert.notEqual((await client.pull("team/app:1")).status, 0);
    // A backup of what is there now does not have it.
    await shell.run(`${images} backup`);
    assert.equal(await page.step("Repair a damaged image"), "1 blob repaired");
    assert.equal(await client.digest("team/app:1"), digest);
    assert.equal((await client.pull("team/app:1")).status, 0);
    await shell.run(`${images} backup`);
  });

  it("keeps the stack in one file that nobody reads without its passphrase", async () => {
    await page.step("Keep the stack, too");
    const text = readFileSync(join(folder, "registry.state"), "utf8");
    assert.match(text, /^private-registry-state 1\n[A-Za-z0-9+/=\n]+$/);
  });

  it("brings everything back where nothing was left, for a client that never changed", async () => {
    const passphrase = readFileSync(join(folder, ".passphrase"), "utf8").trim();
    await page.npm("run", "-s", "down", "--", "--purge", "--yes");
    for (const name of [".pulumi-state", ".passphrase"]) rmSync(join(folder, name), { recursive: true });
    await shell.run(`export STATE_PASSPHRASE=${passphrase}`);
    await page.step("From nothing");
    for (const image of pushed) {
      assert.equal(await client.digest(image), digests.get(image), image);
      assert.equal((await client.pull(image)).status, 0);
    }
    await client.push("team/new:1", [1000]);
    assert.match(await shell.run(`${images} verify`), /^whole: 4 tags/);
    assert.deepEqual(
      readdirSync(await volume("registry-restored")).filter((name) => name === ".restoring"),
      [],
    );
    assert.deepEqual([...page.blocks.keys()], []);
  });
});
