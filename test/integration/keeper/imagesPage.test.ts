import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { output } from "../../../tools/shell";
import { PrintedPage } from "../../support/printedPage";
import { type Skopeo, skopeo } from "../../support/skopeo";

const project = "private-registry-images";
const files = "/etc/private-registry/current";

/** A collection of the container's own program, as its loop runs it, but with seconds in place of hours. */
const collection = `set -e
for setting in grace settle undo minimumTrash; do edits="$edits;s/\\"\${setting}Seconds\\": [0-9]*/\\"\${setting}Seconds\\": 1/"; done
sed "\${edits#;}" ${files}/settings.json > /tmp/seconds.json
for step in mark take-links look take-blobs look finish; do
  [ $step != look ] || sleep 1
  node ${files}/keeper.js /tmp/seconds.json $step
done
sleep 4`;

function inKeeper(script: string): Promise<string> {
  return output(["docker", "exec", `${project}-dev-main-keeper`, "sh", "-c", script]);
}

describe("docs/images.md, run as it is printed", () => {
  const page = new PrintedPage("docs/images.md", project, 21650);
  const { shell } = page;
  const digests: string[] = [];
  let client: Skopeo;

  before(async () => {
    await page.up();
    const show = ["run", "-s", "pulumi", "--", "stack", "output"];
    const credentials = JSON.parse(await page.npm(...show, "credentials", "--show-secrets"));
    client = skopeo(
      "localhost:21650",
      await page.npm(...show, "caCertificate"),
      `admin:${credentials.admin}`,
    );
    digests.push(await client.push("team/app:1", [400_000, 300_000]));
    digests.push(await client.push("team/app:2", [200_000]));
    digests.push(await client.push("team/web:1", [100_000]));
  });

  after(async () => {
    client?.remove();
    await page.down();
  });

  const tags = async (repository: string): Promise<{ tag: string; digest: string; pushed: string }[]> =>
    JSON.parse(await shell.run(`npm run -s images -- tags ${repository} --json`)).tags;

  it("gives the command to whoever has no project", async () => {
    assert.match(await page.step("The command"), /^usage: /im);
  });

  it("shows what is there", async () => {
    const shown = await page.step("What is there");
    assert.match(shown, /^team\/app +2 /m);
    assert.match(shown, /^team\/web +1 /m);
    assert.ok(shown.includes(`digest     ${digests[0]}`));
  });

  it("deletes a tag, and has it back exactly as it was", async () => {
    const before = await tags("team/app");
    await page.step("Delete, and have it back");
    assert.deepEqual(await tags("team/app"), before);
    assert.equal(await client.digest("team/app:1"), digests[0]);
    assert.equal((await client.pull("team/app:1")).status, 0);
  });

  it("has back what another client deleted", async () => {
    await inKeeper(`node ${files}/keeper.js ${files}/settings.json index`);
    await client.delete("team/web:1");
    assert.notEqual((await client.pull("team/web:1")).status, 0);
    const answer = await shell.run("npm run -s images -- restore team/web:1");
    assert.match(answer, /team\/web:1/);
    assert.equal(await client.digest("team/web:1"), digests[2]);
    assert.equal((await client.pull("team/web:1")).status, 0);
  });

  it("tells that no tag goes without rules", async () => {
    assert.match(await page.step("Retention"), /no rules of retention/);
  });

  it("reports, and says what a collection would take", async () => {
    assert.match(await page.step("Space"), /^team\/app .*^A collection would take 0 blobs/ms);
  });

  it("gives the space of a deleted image back, and that of no other", async () => {
    const [, kept = "", web = ""] = digests;
    await shell.run("npm run -s images -- delete --digest team/app:1");
    // The first run notes what is not needed, the second takes it, the third removes it for good.
    for (let run = 0; run < 3; run++) await inKeeper(collection);
    const sizes = await inKeeper(
      "cd /var/lib/registry && du -bc $(find . -path '*/blobs/*/data') | tail -n 1 && ls .trash",
    );
    assert.doesNotMatch(sizes, /collection/);
    const [bytes = ""] = sizes.split("\t");
    const { disk } = JSON.parse(await shell.run("npm run -s images -- report --json"));
    assert.equal(Number(bytes), disk.taggedBytes);
    assert.ok(Number(bytes) < 305_000, `${bytes} bytes: three layers of 1,000,000 bytes were pushed`);
    assert.deepEqual([await client.digest("team/app:2"), await client.digest("team/web:1")], [kept, web]);
    assert.equal((await client.pull("team/app:2")).status, 0);
  });

  it("takes a repository without images out of the list, and a push puts it back", async () => {
    await shell.run("npm run -s images -- delete --digest team/web:1");
    // A folder that changed within the last 3 s stays: the 1 s of `settle`, and 2 s for the clock of the disk.
    await inKeeper(`sleep 3\n${collection}`);
    assert.match(await shell.run("npm run -s images -- list"), /^1 repository/m);
    await client.push("team/web:2", [1000]);
    assert.match(await shell.run("npm run -s images -- list"), /^team\/web +1 /m);
  });

  it("verifies every byte", async () => {
    assert.match(await page.step("Is everything whole?"), /^whole: 2 tags in 2 repositories/);
  });

  it("begins a collection on request, which goes on without whoever asked", async () => {
    assert.equal(page.take("Collect now"), "npm run -s images -- collect\n");
    const login = "REGISTRY_USERNAME=admin REGISTRY_PASSWORD=$(npm run -s show -- credentials admin)";
    const said = await shell.run(`${login} timeout -s INT 30 sh images.sh collect 2>&1 || true`);
    assert.match(said, /waiting 900 s for what is under way/);
    assert.match(said, /the keeper goes on with it/);
    assert.deepEqual([...page.blocks.keys()], []);
  });
});
