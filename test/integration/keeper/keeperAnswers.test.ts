// What the built keeper answers about the data of a real registry, and what clients see of it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { output, run } from "../../../tools/shell";
import { type BuiltKeeper, buildKeeper } from "../../support/builtKeeper";
import { crane } from "../../support/goPrograms";
import { usualSettings } from "../../support/keeper/usualSettings";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";
import { type Described, digestOf, ociIndex, ociManifest } from "../../support/registryTree";

const listen = "127.0.0.1:18650";

const folder = mkdtempSync(join(tmpdir(), "private-registry-answers-"));
const dataFolder = join(folder, "data");
const settings = { ...usualSettings, dataFolder };
let registry: RegistryProcess;
let keeper: BuiltKeeper;

async function send(method: string, path: string, body?: string, type = "application/octet-stream") {
  const response = await fetch(`http://${listen}/v2/${path}`, {
    method,
    body,
    headers: { "Content-Type": type, Accept: `${ociManifest}, ${ociIndex}` },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function described(content: string, mediaType: string): Described {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content) };
}

async function pushBlob(repository: string, content: string, mediaType: string): Promise<Described> {
  const blob = described(content, mediaType);
  const upload = await send("POST", `${repository}/blobs/uploads/`);
  const location = new URL(upload.headers.get("location") ?? "", `http://${listen}`);
  location.searchParams.set("digest", blob.digest);
  const put = await send("PUT", `${location.pathname.slice("/v2/".length)}${location.search}`, content);
  assert.equal(put.status, 201, put.text);
  return blob;
}

async function pushManifest(repository: string, fields: object, tag?: string, mediaType = ociManifest) {
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...fields });
  const manifest = described(text, mediaType);
  const put = await send("PUT", `${repository}/manifests/${tag ?? manifest.digest}`, text, mediaType);
  assert.equal(put.status, 201, put.text);
  return manifest;
}

async function pushImage(repository: string, tag?: string, architecture = "amd64"): Promise<Described> {
  const config = JSON.stringify({ os: "linux", architecture, rootfs: { type: "layers", diff_ids: [] } });
  const layer = await pushBlob(
    repository,
    randomBytes(50_000).toString("hex"),
    "application/vnd.oci.image.layer.v1.tar",
  );
  const fields = {
    config: await pushBlob(repository, config, "application/vnd.oci.image.config.v1+json"),
    layers: [layer],
  };
  return { ...(await pushManifest(repository, fields, tag)), platform: { os: "linux", architecture } };
}

/** Pulls all there is behind a reference as a client does, and answers the digest. */
async function pulled(repository: string, reference: string): Promise<string> {
  const target = mkdtempSync(join(folder, "pulled-"));
  const source = `docker://${listen}/${repository}${reference}`;
  await output(["skopeo", "copy", "--quiet", "--all", "--src-tls-verify=false", source, `dir:${target}`]);
  return digestOf(await output(["skopeo", "inspect", "--raw", `dir:${target}`]));
}

describe("the keeper beside a real registry", () => {
  before(async () => {
    registry = await startRegistry({ dataFolder, listen });
    keeper = buildKeeper(folder, settings);
  });
  after(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true });
  });

  test("lists and shows what skopeo and others pushed, in nested repositories, and finds it whole", async () => {
    assert.equal((await keeper.ask({ verb: "list" })).text, "no repositories yet\n");
    await pushImage("n", "v1");
    const children = [await pushImage("n/b"), await pushImage("n/b", undefined, "arm64")];
    const index = await pushManifest("n/b", { manifests: children }, "multi", ociIndex);
    const copy = ["skopeo", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false"];
    await output([...copy, `docker://${listen}/n:v1`, `docker://${listen}/n/b:copied`]);
    const [first] = children;
    assert.ok(first);
    const config = await pushBlob("n/b", "{}", "application/vnd.oci.empty.v1+json");
    await pushManifest("n/b", {
      artifactType: "application/example",
      config,
      layers: [config],
      subject: first,
    });

    const { text, owner } = await keeper.ask({ verb: "list" });
    assert.equal(owner, "alice");
    assert.match(text, /^n +1 {2}\S+Z +\d+\.\d KiB\nn\/b +2 {2}\S+Z/m);
    const tags = await keeper.ask({ verb: "tags", repository: "n/b" });
    assert.match(tags.text, /^multi .* sha256:[0-9a-f]{12} {2}linux\/amd64, linux\/arm64$/m);
    assert.match(tags.text, /^copied .* linux\/amd64$/m);
    const shown = Object((await keeper.ask({ verb: "show", repository: "n/b", digest: first.digest })).json);
    assert.equal(shown.referrers[0].type, "application/example");
    assert.equal(shown.indexes[0].digest, index.digest);
    assert.match((await keeper.ask({ verb: "verify" })).text, /^whole: 3 tags in 2 repositories; /);
    assert.match((await keeper.ask({ verb: "report" })).text, /^n\/b +2 +0 /m);
  });

  test("deletes a tag so that the registry lists it no more, and restores it to the same digest and push time", async () => {
    const image = await pushImage("team/app", "v1");
    await pushImage("team/app", "v2");
    const pushTime = async () =>
      Object((await keeper.ask({ verb: "show", repository: "team/app", tag: "v1" })).json).pushed;
    const pushed = await pushTime();
    assert.match(
      (await keeper.ask({ verb: "delete", repository: "team/app", tag: "v1" })).text,
      /^Deleted team\/app:v1/,
    );
    assert.deepEqual(JSON.parse((await send("GET", "team/app/tags/list")).text).tags, ["v2"]);
    assert.equal((await send("GET", "team/app/manifests/v1")).status, 404);
    assert.equal(await pulled("team/app", `@${image.digest}`), image.digest);
    await keeper.ask({ verb: "restore", repository: "team/app", tag: "v1" });
    assert.equal(await pulled("team/app", ":v1"), image.digest);
    assert.equal(await pushTime(), pushed);
  });

  test("deletes an index with all of it, and restores all of it", async () => {
    const children = [await pushImage("team/multi"), await pushImage("team/multi", undefined, "arm64")];
    const index = await pushManifest("team/multi", { manifests: children }, "v1", ociIndex);
    await send(
      "PUT",
      "team/multi/manifests/latest",
      JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: children }),
      ociIndex,
    );
    const deleted = await keeper.ask({
      verb: "delete",
      repository: "team/multi",
      tag: "v1",
      flags: ["digest"],
    });
    assert.match(
      deleted.text,
      /with 2 tags: latest, v1\.\nWith it went 2 manifests that nothing else needs\.$/m,
    );
    for (const { digest } of [index, ...children]) {
      assert.equal((await send("GET", `team/multi/manifests/${digest}`)).status, 404);
    }
    const restored = await keeper.ask({ verb: "restore", repository: "team/multi", digest: index.digest });
    assert.match(restored.text, /with 2 tags: latest, v1\.$/m);
    for (const reference of [":v1", ":latest", `@${index.digest}`]) {
      assert.equal(await pulled("team/multi", reference), index.digest);
    }
    assert.equal((await keeper.ask({ verb: "verify" })).failed, false);
  });

  test("restores what crane deleted, by tag or by digest, to the same digest", async () => {
    const image = await pushImage("team/lost", "v1");
    const [program = ""] = await crane();
    assert.equal((await keeper.job("index")).status, 0);
    for (const reference of [":v1", `@${image.digest}`]) {
      await output([program, "delete", "--insecure", `${listen}/team/lost${reference}`]);
      assert.equal((await send("GET", "team/lost/manifests/v1")).status, 404);
      assert.equal((await keeper.job("index")).status, 0);
      const { text, failed } = await keeper.ask({ verb: "restore", repository: "team/lost", tag: "v1" });
      assert.ok(!failed, text);
      assert.match(text, /^From the hourly index: so it was at /m);
      assert.equal(await pulled("team/lost", ":v1"), image.digest);
      assert.equal((await keeper.job("index")).status, 0);
    }
    assert.equal((await keeper.ask({ verb: "verify" })).failed, false);
  });

  test("restores what retention took, to the same digest and push time, with what signs it", async () => {
    const strict = buildKeeper(join(folder, "strict"), {
      ...settings,
      retention: [{ repositories: ["team/old"], tags: ["v*"], keepNewest: 1, maxTags: 1, keepTags: [] }],
    });
    const image = await pushImage("team/old", "v1");
    const signature = await pushImage("team/old", `${image.digest.replace(":", "-")}.sig`);
    await pushImage("team/old", "v2");
    const before = await strict.ask({ verb: "show", repository: "team/old", tag: "v1" });
    const applied = await strict.ask({ verb: "retention", flags: ["apply"] });
    assert.ok(!applied.failed, applied.text);
    assert.equal((await send("GET", "team/old/manifests/v1")).status, 404);
    const { failed, text } = await strict.ask({ verb: "restore", repository: "team/old", tag: "v1" });
    assert.ok(!failed, text);
    assert.equal(await pulled("team/old", ":v1"), image.digest);
    assert.equal(await pulled("team/old", `:${image.digest.replace(":", "-")}.sig`), signature.digest);
    const after = await strict.ask({ verb: "show", repository: "team/old", tag: "v1" });
    assert.equal(Object(after.json).pushed, Object(before.json).pushed);
    assert.equal((await strict.ask({ verb: "verify" })).failed, false);
  });

  test("names a fault that a pull then meets", async () => {
    const { digest } = await pushImage("team/broken", "v1");
    const manifest = JSON.parse((await send("GET", `team/broken/manifests/${digest}`)).text);
    const [layer] = manifest.layers;
    const hex = layer.digest.slice("sha256:".length);
    const data = join(dataFolder, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
    writeFileSync(data, randomBytes(100_000));
    const { text, failed } = await keeper.ask({ verb: "verify" });
    assert.ok(failed);
    assert.match(
      text,
      new RegExp(`^the layer ${layer.digest} has other content than its digest says  team/broken:v1$`, "m"),
    );
    await assert.rejects(pulled("team/broken", ":v1"), /digest|verif/i);
  });

  test("does not open a pipe that lies among the requests, and removes it", async () => {
    const id = "f".repeat(32);
    await output(["mkfifo", join(keeper.requestsFolder, id)]);
    const { status, stderr } = await keeper.job("request", id);
    assert.equal(status, 1);
    assert.equal(stderr, "the request is not a plain file\n");
    assert.ok(!existsSync(join(keeper.requestsFolder, id)));
  });

  test("ends with a message for a job that it does not know, and for settings that are not there", async () => {
    const unknown = await keeper.job("constructor");
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /^constructor is no job of the keeper; there are request, index, /);
    mkdirSync(join(folder, "empty"), { recursive: true });
    const without = await run([
      process.execPath,
      join(folder, "keeper.js"),
      join(folder, "none.json"),
      "index",
    ]);
    assert.equal(without.status, 1);
    assert.match(without.stderr, /none\.json/);
  });
});
