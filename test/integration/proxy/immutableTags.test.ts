import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fill, manifest } from "../../support/accessGrid";
import { accessStand, passwordOf, type Stand } from "../../support/accessStand";
import { digestOf } from "../../support/endpointGrid";

const users = [{ name: "root" }];
const user = `root:${passwordOf("root")}`;
const oci = "application/vnd.oci.image.manifest.v1+json";
const immutableTags = [{ repositories: ["team/**"], tags: ["v*", "1"] }];
const another = `${manifest.slice(0, -1)},"annotations":{"a":"b"}}`;
const large = `${manifest.slice(0, -1)},"annotations":{"a":"${"b".repeat(3_000_000)}"}}`;

for (const [front, port, hasFirewall] of [
  ["nginx", 18714, false],
  ["waf", 18715, true],
] as const)
  describe(`immutable tags at the front ${front}`, () => {
    let stand: Stand;

    before(async () => {
      stand = await accessStand(`immutable-${front}`, port, { users, immutableTags, hasFirewall });
      await fill(stand, user, ["team/app", "other/app"]);
    });

    after(() => stand?.remove());

    const put = (tag: string, body: string, repository = "team/app", type = oci) =>
      stand.ask(`/v2/${repository}/manifests/${tag}`, {
        method: "PUT",
        user,
        headers: { "Content-Type": type },
        body,
      });
    const remove = (reference: string, repository = "team/app") =>
      stand.ask(`/v2/${repository}/manifests/${reference}`, { method: "DELETE", user });
    const named = async (tag: string) =>
      (await stand.ask(`/v2/team/app/manifests/${tag}`, { method: "HEAD", user, headers: { Accept: oci } }))
        .headers["docker-content-digest"];

    it("name the first image for ever: the same passes, another one does not", async () => {
      assert.equal((await put("v1", manifest)).status, 201);
      assert.equal((await put("v1", manifest)).status, 201);
      const refused = await put("v1", another);
      assert.equal(refused.status, 403);
      assert.match(
        refused.body,
        /"DENIED","message":"the tag v1 of team\/app is immutable and names another image/,
      );
      assert.equal(await named("v1"), digestOf(manifest));
    });

    it("of other names, and in other repositories, are moved as before", async () => {
      for (const [tag, repository] of [
        ["latest", "team/app"],
        ["v1", "other/app"],
        ["1", "other/app"],
      ] as const)
        for (const body of [manifest, another, manifest])
          assert.equal((await put(tag, body, repository)).status, 201, `${repository}:${tag}`);
    });

    it("compare manifests of megabytes, and refuse what is larger than any", async () => {
      assert.equal((await put("v2", large)).status, 201);
      assert.equal((await put("v2", large)).status, 201);
      assert.equal((await put("v2", large.replace("bb", "cb"))).status, 403);
      assert.equal((await put("v3", large.replace("bb", "b".repeat(2_000_000)))).status, 413);
    });

    it("are not deleted, and neither is what they name", async () => {
      assert.match((await remove("v1")).body, /the tag v1 of team\/app is immutable and is not deleted/);
      const refused = await remove(digestOf(manifest));
      assert.equal(refused.status, 403);
      assert.match(refused.body, /the tag (v1|1) of team\/app is immutable and names this image/);
      assert.equal((await remove("latest")).status, 202);
      assert.equal((await put("latest", another)).status, 201);
      assert.equal((await remove(digestOf(another))).status, 202);
      assert.equal((await remove("unknown")).status, 404);
      assert.equal((await remove(digestOf("unknown"))).status, 404);
      assert.equal((await remove(digestOf(manifest), "other/app")).status, 202);
      assert.equal(await named("v1"), digestOf(manifest));
    });

    it("keep every image of a list of images", async () => {
      const child = `${manifest.slice(0, -1)},"annotations":{"child":"1"}}`;
      assert.equal((await put(digestOf(child), child)).status, 201);
      const one = { mediaType: oci, digest: digestOf(child), size: child.length };
      const type = "application/vnd.oci.image.index.v1+json";
      const list = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [one] });
      assert.equal((await put("v9", list, "team/app", type)).status, 201);
      assert.match(
        (await remove(digestOf(child))).body,
        /the tag v9 of team\/app is immutable and names this image/,
      );
      assert.equal((await put("v9", list, "team/app", type)).status, 201);
    });

    it("are for whoever has logged in", async () => {
      const path = "/v2/team/app/manifests/v1";
      assert.equal((await stand.ask(path, { method: "PUT", body: another })).status, 401);
      assert.equal((await stand.ask(path, { method: "DELETE", user: "root:wrong" })).status, 401);
    });
  });
