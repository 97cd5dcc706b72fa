import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PrintedPage } from "../../support/printedPage";
import { type Skopeo, skopeo } from "../../support/skopeo";

const project = "private-registry-day-two";
const endpoint = "localhost:21620";
const withoutKeeper = "    keeper:\n      enabled: false\n";

describe("docs/day-two.md, run as it is printed", () => {
  const page = new PrintedPage("docs/day-two.md", project, 21620, withoutKeeper);
  const { blocks, shell } = page;
  let client: Skopeo;
  let digest: string;

  before(() => page.up());
  after(async () => {
    client?.remove();
    await page.down();
  });

  const step = (heading: string) => page.step(heading);

  const tags = async (name: string) =>
    JSON.parse(await shell.run(`ask "https://$REGISTRY/v2/${name}/tags/list"`)).tags;
  const size = async () =>
    Number((await shell.run('docker exec "$CONTAINER" du -sk /var/lib/registry')).split("\t")[0]);

  it("prepares variables and a login", async () => {
    await step("Prepare");
    assert.equal(await shell.run('echo "$REGISTRY $CONTAINER"'), `${endpoint} ${project}-dev-main-registry`);
    assert.equal(await shell.run('stat -c %a "$FILES"'), "700");
  });

  it("lists repositories and tags", async () => {
    const credentials = JSON.parse(
      await page.npm("run", "-s", "pulumi", "--", "stack", "output", "credentials", "--show-secrets"),
    );
    client = skopeo(endpoint, await shell.run('cat "$FILES/ca.crt"'), `admin:${credentials.admin}`);
    digest = await client.push("team/app:1", [400_000, 300_000]);
    await client.push("team/app:2", [200_000]);
    await client.push("team/web:1", [100_000]);
    assert.deepEqual(JSON.parse(await step("Repositories")), { repositories: ["team/app", "team/web"] });
    assert.deepEqual(JSON.parse(await step("Tags of a repository")), { name: "team/app", tags: ["1", "2"] });
  });

  it("finds a digest and deletes by it", async () => {
    assert.equal(await step("Digest of a tag"), digest);
    assert.equal(await step("Delete an image"), "202");
    assert.deepEqual(await tags("team/app"), ["2"]);
    assert.notEqual((await client.pull("team/app:1")).status, 0);
  });

  it("deletes one tag, whose image stays", async () => {
    const other = await client.digest("team/app:2");
    assert.equal(await step("Delete one tag"), "202");
    assert.deepEqual(await tags("team/app"), []);
    assert.equal((await client.pull(`team/app@${other}`)).status, 0);
  });

  it("shows what a garbage collection would delete, and deletes nothing", async () => {
    const before = await size();
    const list = await step("What a garbage collection would delete");
    assert.match(list, new RegExp(`blob eligible for deletion: ${digest}`));
    assert.match(list, /3 blobs marked, 7 blobs and 1 manifests eligible/);
    assert.ok((await size()) >= before);
  });

  it("collects garbage while nobody can push, then lets pushes in again", async () => {
    const collect = blocks.get("Collect garbage") ?? "";
    const end = collect.indexOf("\nnpm run -s pulumi -- config rm");
    blocks.set("Collect garbage", collect.slice(end));
    const before = await size();
    await shell.run(collect.slice(0, end));
    await assert.rejects(client.push("team/new:1", [1000]), /405|Method not allowed/i);
    assert.equal((await client.pull("team/web:1")).status, 0);
    assert.ok(before - (await size()) > 800, "the layers of both deleted images are gone");
    await step("Collect garbage");
    await client.push("team/new:1", [1000]);
    const catalogue = JSON.parse(await shell.run('ask "https://$REGISTRY/v2/_catalog"'));
    assert.deepEqual(catalogue, { repositories: ["team/new", "team/web"] });
    assert.equal((await client.pull("team/web:1")).status, 0);
  });

  it("tidies up, and no command of the page was left out", async () => {
    await step("Tidy up");
    assert.equal(await shell.run('ls "$FILES" 2>/dev/null || echo gone'), "gone");
    assert.deepEqual([...blocks.keys()], []);
  });
});
