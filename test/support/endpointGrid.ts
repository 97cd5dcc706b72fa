import { createHash } from "node:crypto";
import type { Ask } from "./apiRequests";
import type { Answer, RequestOptions } from "./client";

/** Answers by what was asked, as two registries can be compared by. */
export interface Answers {
  readonly [title: string]: ReturnType<typeof comparable>;
}

const oci = "application/vnd.oci.image.manifest.v1+json";
const nowhere = "0f8fad5b-d9cb-469f-a165-70867728950e";
const layer = "the layer of every repository";
const config = "{}";
const base = "the/base";

export const digestOf = (content: string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: oci,
  config: { mediaType: "application/vnd.oci.empty.v1+json", size: config.length, digest: digestOf(config) },
  layers: [{ mediaType: "application/octet-stream", size: layer.length, digest: digestOf(layer) }],
});
const octets = { "Content-Type": "application/octet-stream" };

/** Asks a registry without data every endpoint by every method, for each of these repositories. */
export async function endpointGrid(ask: Ask, repositories: readonly string[]): Promise<Answers> {
  const answers: { [title: string]: ReturnType<typeof comparable> } = {};
  const note = async (title: string, path: string, options: RequestOptions = {}): Promise<string> => {
    const answer = await ask(path, options);
    answers[title] = comparable(answer);
    return String(answer.headers.location);
  };
  const start = async (uploads: string) => String((await ask(uploads, { method: "POST" })).headers.location);

  const origin = await start(`/v2/${base}/blobs/uploads/`);
  await note("the base", `${origin}&digest=${digestOf("base")}`, { method: "PUT", body: "base" });
  for (const name of repositories) {
    const of = (title: string) => `${name}: ${title}`;
    const uploads = `/v2/${name}/blobs/uploads/`;

    // A blob in a stream, one in a piece, one whole, and by mounts.
    const first = await note(of("start"), uploads, { method: "POST" });
    await note(of("status"), first);
    const second = await note(of("stream"), first, { method: "PATCH", headers: octets, body: layer });
    await note(of("status of a stream"), second, { method: "GET" });
    await note(of("end"), `${second}&digest=${digestOf(layer)}`, { method: "PUT" });
    const piece = { method: "PATCH", headers: { ...octets, "Content-Range": "0-1" }, body: config };
    const third = await note(of("piece"), await start(uploads), piece);
    await note(of("end of pieces"), `${third}&digest=${digestOf(config)}`, { method: "PUT" });
    const whole = { method: "PUT", body: "whole" };
    await note(of("whole"), `${await start(uploads)}&digest=${digestOf("whole")}`, whole);
    await note(of("wrong"), `${await start(uploads)}&digest=${digestOf("other")}`, whole);
    await note(of("by POST alone"), `${uploads}?digest=${digestOf("post")}`, {
      method: "POST",
      body: "post",
    });
    await note(of("cancel"), await start(uploads), { method: "DELETE" });
    for (const method of ["GET", "PATCH", "PUT", "DELETE"])
      await note(of(`${method} of no upload`), `${uploads}${nowhere}?_state=a`, { method });
    const mount = (to: string, content: string, from: string) =>
      `/v2/${to}/blobs/uploads/?mount=${digestOf(content)}&from=${encodeURIComponent(from)}`;
    await note(of("mount from the base"), mount(name, "base", base), { method: "POST" });
    await note(of("mount into a copy"), mount("the/copy", layer, name), { method: "POST" });
    await note(of("mount of nothing"), mount(name, "nothing", base), { method: "POST" });

    // Manifests, by tags that mislead as well, and lists.
    const push = { method: "PUT", headers: { "Content-Type": oci }, body: manifest };
    const tags = ["1", "list", "uploads", "latest"];
    for (const tag of [...tags, digestOf(manifest)])
      await note(of(`push of ${tag}`), `/v2/${name}/manifests/${tag}`, push);
    for (const method of ["GET", "HEAD"]) {
      for (const tag of ["list", digestOf(manifest), "unknown", digestOf("x"), "-"])
        await note(of(`${method} of ${tag}`), `/v2/${name}/manifests/${tag}`, {
          method,
          headers: { Accept: oci },
        });
      for (const content of [layer, "base", "whole", "nothing"])
        await note(of(`${method} of ${content}`), `/v2/${name}/blobs/${digestOf(content)}`, { method });
    }
    for (const query of ["", "?n=2", "?n=2&last=latest", "?n=x"])
      await note(of(`tags${query}`), `/v2/${name}/tags/list${query}`);
    await note(of("referrers"), `/v2/${name}/referrers/${digestOf(manifest)}`);

    // What ends otherwise, and what the endpoints do not take.
    for (const end of [
      "",
      "/blobs",
      "/blobs/",
      "/blobs/uploads",
      "/manifests",
      "/tags",
      "/tags/list/",
      "/unknown",
    ])
      await note(of(`GET of ${end}`), `/v2/${name}${end}`);
    for (const [method, end] of [
      ["GET", "blobs/uploads/"],
      ["PUT", "blobs/uploads/"],
      ["POST", `blobs/uploads/${nowhere}`],
      ["POST", "manifests/1"],
      ["PUT", "tags/list"],
      ["POST", `blobs/${digestOf(layer)}`],
    ] as const)
      await note(of(`${method} of ${end}`), `/v2/${name}/${end}`, { method });
  }
  for (const query of ["", "?n=3", "?n=4&last=manifests%2Flatest", "?last=x/tags/list"])
    await note(`catalogue${query}`, `/v2/_catalog${query}`);
  for (const name of repositories) {
    for (const end of ["manifests/1", `manifests/${digestOf(manifest)}`]) {
      await note(`${name}: deletion of ${end}`, `/v2/${name}/${end}`, { method: "DELETE" });
      await note(`${name}: ${end} after its deletion`, `/v2/${name}/${end}`, { headers: { Accept: oci } });
    }
    await note(`${name}: tags after deletions`, `/v2/${name}/tags/list`);
  }
  return answers;
}

/** What must be the same: not the date, the server's name, how the connection is kept, and names of uploads. */
function comparable({ status, headers, body }: Answer) {
  const { date, server, connection, "keep-alive": keep, "transfer-encoding": transfer, ...others } = headers;
  // The proxy adds these to every answer, whatever the registry says.
  const { "x-content-type-options": type, "content-security-policy": policy, ...same } = others;
  const plain = (text: string) =>
    text
      .replace(/_state=[A-Za-z0-9_=%-]+/g, "_state=STATE")
      .replace(/(\/blobs\/uploads\/)[0-9a-f-]{36}\?/g, "$1UPLOAD?");
  const named = Object.entries(same).map(([name, value]) => [
    name,
    name === "docker-upload-uuid" ? "UPLOAD" : plain(String(value)),
  ]);
  return { status, headers: Object.fromEntries(named), body: plain(body) };
}
