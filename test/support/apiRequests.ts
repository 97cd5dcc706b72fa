import { createHash } from "node:crypto";
import type { Answer, RequestOptions } from "./client";
import { agents, annotations, repositories, tags } from "./oddNames";

/** Asks the registry as a user. */
export type Ask = (path: string, options?: RequestOptions) => Promise<Answer>;

const oci = "application/vnd.oci.image.manifest.v1+json";
const empty = { mediaType: "application/vnd.oci.empty.v1+json", size: 2, digest: digestOf("{}") };
const layer = "a layer";

/** Every endpoint and method of the API, as clients use them; the title of each request to its status. */
export async function apiAnswers(ask: Ask, prefix: string): Promise<{ [title: string]: number }> {
  const statuses: { [title: string]: number } = {};
  const note = async (title: string, path: string, options: RequestOptions = {}) => {
    const answer = await ask(path, options);
    statuses[title] = answer.status;
    return answer;
  };
  const location = ({ headers }: Answer) => String(headers.location);
  const finish = (state: string, content: string) =>
    `${state}&digest=${encodeURIComponent(digestOf(content))}`;
  const start = async (repository: string) =>
    location(await ask(`/v2/${repository}/blobs/uploads/`, { method: "POST" }));
  const push = async (repository: string, content: string) =>
    ask(finish(await start(repository), content), { method: "PUT", body: content });
  const put = (title: string, reference: string, value: unknown, type = oci) =>
    note(title, reference, { method: "PUT", headers: { "Content-Type": type }, body: JSON.stringify(value) });
  const manifest = { schemaVersion: 2, mediaType: oci, config: empty, layers: [describe(layer)] };

  // The API's root and the catalog.
  await note("GET /v2", "/v2");
  for (const method of ["GET", "HEAD"]) await note(`${method} /v2/`, "/v2/", { method });
  for (const query of ["", "?n=5", "?n=5&last=a/b", "?n=5&last=etc%2Fpasswd", "?last=web.config", "?n=0"])
    await note(`the catalog ${query}`, `/v2/_catalog${query}`);
  for (const agent of agents)
    await note(`the agent ${agent}`, "/v2/_catalog", {
      headers: agent === "" ? {} : { "User-Agent": agent },
    });

  // Uploads of blobs.
  const app = `${prefix}/app`;
  const uploads = `/v2/${app}/blobs/uploads/`;
  const stream = location(await note("the start of an upload", uploads, { method: "POST" }));
  const piece = { method: "PATCH", headers: { "Content-Type": "application/octet-stream" } };
  const one = await note("an upload as one stream", stream, { ...piece, body: layer });
  await note("the end of an upload", finish(location(one), layer), { method: "PUT" });
  const ranged = (from: number, to: number) => ({
    method: "PATCH",
    headers: { "Content-Type": "application/octet-stream", "Content-Range": `${from}-${to}` },
    body: "0123456789".slice(from, to + 1),
  });
  const first = await note("the first piece of an upload", await start(app), ranged(0, 4));
  await note("the state of an upload", location(first));
  const second = await note("the second piece of an upload", location(first), ranged(5, 9));
  await note("a piece out of order", location(second), ranged(2, 5));
  await note("the end of an upload in pieces", finish(location(second), "0123456789"), { method: "PUT" });
  await note("an upload in one request", finish(await start(app), "whole"), { method: "PUT", body: "whole" });
  await note("an upload by POST alone", `${uploads}?digest=${digestOf("post")}`, {
    method: "POST",
    body: "post",
  });
  await note("an upload with a wrong digest", finish(await start(app), "other"), {
    method: "PUT",
    body: "wrong",
  });
  await note("a cancelled upload", await start(app), { method: "DELETE" });
  await note("a cancelled upload, once more", `${uploads}0f8fad5b-d9cb-469f-a165-70867728950e`, {
    method: "DELETE",
  });
  const form = {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "a=b",
  };
  await note("the start of an upload as a form", uploads, form);
  await note("GET where uploads start", uploads);
  const mount = (digest: string, from: string) =>
    `/v2/${prefix}/copy/blobs/uploads/?mount=${digest}&from=${from}`;
  await note("a mount", mount(digestOf(layer), app), { method: "POST" });
  await note("a mount, encoded", mount(encodeURIComponent(digestOf(layer)), encodeURIComponent(app)), {
    method: "POST",
  });
  await note("a mount of an unknown blob", mount(digestOf("unknown"), app), { method: "POST" });

  // Blobs.
  const blob = `/v2/${app}/blobs/${digestOf(layer)}`;
  for (const method of ["GET", "HEAD"]) await note(`${method} of a blob`, blob, { method });
  await note("a range of a blob", blob, { headers: { Range: "bytes=2-4" } });
  await note("a blob known already", blob, { headers: { "If-None-Match": `"${digestOf(layer)}"` } });
  await note("a blob through a mirror", `${blob}?ns=docker.io`);
  await note("an unknown blob", `/v2/${app}/blobs/${digestOf("unknown")}`);

  // Manifests.
  await push(app, "{}");
  for (const tag of tags) await put(`the tag ${tag}`, `/v2/${app}/manifests/${tag}`, manifest);
  for (const repository of repositories.map((name) => `${prefix}/${name}`)) {
    for (const content of ["{}", layer]) await push(repository, content);
    await put(`a manifest of ${repository}`, `/v2/${repository}/manifests/x.config`, manifest);
    await note(`the tags of ${repository}`, `/v2/${repository}/tags/list?n=10&last=dump.sql`);
  }
  const digest = digestOf(JSON.stringify(manifest));
  await put("a manifest by digest", `/v2/${app}/manifests/${digest}`, manifest);
  const described = {
    ...describe(JSON.stringify(manifest)),
    mediaType: oci,
    platform: { architecture: "arm64", os: "linux" },
  };
  const indexType = "application/vnd.oci.image.index.v1+json";
  await put(
    "an index",
    `/v2/${app}/manifests/index`,
    { schemaVersion: 2, mediaType: indexType, manifests: [described], annotations },
    indexType,
  );
  const listType = "application/vnd.docker.distribution.manifest.list.v2+json";
  await put(
    "a manifest list",
    `/v2/${app}/manifests/list`,
    { schemaVersion: 2, mediaType: listType, manifests: [described] },
    listType,
  );
  const dockerType = "application/vnd.docker.distribution.manifest.v2+json";
  await put(
    "a manifest of Docker",
    `/v2/${app}/manifests/docker`,
    { ...manifest, mediaType: dockerType },
    dockerType,
  );
  await put("an artifact", `/v2/${app}/manifests/sbom`, {
    ...manifest,
    artifactType: "application/vnd.example.x+zip; a=b",
    annotations,
    subject: described,
  });
  await put(
    "a manifest with a character set",
    `/v2/${app}/manifests/utf8`,
    manifest,
    `${oci}; charset=utf-8`,
  );
  await put(
    "a manifest of an unknown type",
    `/v2/${app}/manifests/odd`,
    manifest,
    "application/vnd.example.odd",
  );
  await put("no manifest", `/v2/${app}/manifests/none`, { schemaVersion: 2 });
  await note("no JSON", `/v2/${app}/manifests/none`, {
    method: "PUT",
    headers: { "Content-Type": oci },
    body: "{",
  });
  await note("no body", `/v2/${app}/manifests/none`, { method: "PUT", headers: { "Content-Type": oci } });
  const many = { ...manifest, layers: Array.from({ length: 300 }, () => describe(layer)) };
  await put("a manifest of 300 layers", `/v2/${app}/manifests/many`, many);
  const Accept = `${oci}, ${indexType}, ${dockerType}, ${listType}, application/vnd.docker.distribution.manifest.v1+prettyjws, */*;q=0.8`;
  for (const method of ["GET", "HEAD"])
    for (const reference of ["1.0.bak", digest, "sbom", "unknown"])
      await note(
        `${method} of the manifest ${reference.replace(digest, "by digest")}`,
        `/v2/${app}/manifests/${reference}?ns=docker.io`,
        { method, headers: { Accept } },
      );
  const traced = {
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    baggage: "a=b,c=d;e=f",
  };
  await note("a traced request", `/v2/${app}/manifests/x.config`, {
    headers: { Accept, ...traced, "X-Meta-Source-Client": "containerd" },
  });

  // Tags, referrers, and what is deleted.
  for (const query of ["", "?n=2", "?n=2&last=Dockerfile"])
    await note(`the tags ${query}`, `/v2/${app}/tags/list${query}`);
  for (const query of [
    "",
    "?artifactType=application/vnd.cyclonedx%2Bjson",
    "?artifactType=application/vnd.example.x+zip",
  ])
    await note(`the referrers ${query}`, `/v2/${app}/referrers/${digest}${query}`);
  await note("a deleted tag", `/v2/${app}/manifests/_x`, { method: "DELETE" });
  await note("a deleted manifest", `/v2/${app}/manifests/${digest}`, { method: "DELETE" });
  await note("a deleted blob", blob, { method: "DELETE" });
  await note("a blob after that", blob);
  await note("what is no API", "/healthz");
  await note("what is no endpoint", `/v2/${app}/unknown`);
  return statuses;
}

function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function describe(content: string) {
  return {
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    size: content.length,
    digest: digestOf(content),
  };
}
