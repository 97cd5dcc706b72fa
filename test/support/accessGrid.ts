// Every endpoint and method, asked by everybody, against the model.
import { type Address, type Asker, verdict, type World } from "./accessModel";
import { passwordOf, type Stand } from "./accessStand";
import type { Answer, RequestOptions } from "./client";
import { digestOf } from "./endpointGrid";

const oci = "application/vnd.oci.image.manifest.v1+json";
const layer = "the layer of every repository";
const config = "{}";
const nowhere = "0f8fad5b-d9cb-469f-a165-70867728950e";

export const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: oci,
  config: { mediaType: "application/vnd.oci.empty.v1+json", size: config.length, digest: digestOf(config) },
  layers: [{ mediaType: "application/octet-stream", size: layer.length, digest: digestOf(layer) }],
});

/** Who asks: a login, and who that is to the model. */
export interface GridAsker {
  readonly title: string;
  readonly login?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly asker: Asker;
}

/** The usual askers in a world, and somebody who was removed from it. */
export function askers(world: World, removed: string): GridAsker[] {
  const [first] = world.users;
  return [
    { title: "nobody", asker: "nobody" },
    { title: "nobody with an empty login", login: ":", asker: "nobody" },
    { title: "a wrong password", login: `${first?.name}:wrong`, asker: "stranger" },
    { title: "no user", login: "mallory:x", asker: "stranger" },
    { title: "the removed user", login: `${removed}:${passwordOf(removed)}`, asker: "stranger" },
    ...world.users.map(({ name }) => ({
      title: name,
      login: `${name}:${passwordOf(name)}`,
      asker: { user: name },
    })),
  ];
}

type Cell = readonly [method: string, path: string, address: Address, options?: RequestOptions];

/** Each endpoint with each method for one repository. Deletions come last. */
export function cells(repository: string): Cell[] {
  const of = (kind: "manifest" | "blob" | "upload" | "tags" | "referrers"): Address => ({ kind, repository });
  const base = `/v2/${repository}`;
  const uploads = `${base}/blobs/uploads/`;
  const push = { headers: { "Content-Type": oci }, body: manifest };
  return [
    ...["GET", "HEAD"].flatMap((method): Cell[] => [
      [method, `${base}/manifests/1`, of("manifest")],
      [method, `${base}/manifests/${digestOf(manifest)}`, of("manifest")],
      [method, `${base}/blobs/${digestOf(layer)}`, of("blob")],
      [method, `${base}/blobs/${digestOf(layer)}`, of("blob"), { headers: { Range: "bytes=0-3" } }],
      [method, `${base}/blobs/${digestOf("nothing")}`, of("blob")],
      [method, `${base}/tags/list?n=3`, of("tags")],
      [method, `${base}/referrers/${digestOf(manifest)}`, of("referrers")],
      [method, `${uploads}${nowhere}?_state=a`, of("upload")],
    ]),
    ["POST", uploads, of("upload")],
    ["POST", `${uploads}?digest=${digestOf("x")}`, of("upload"), { body: "x" }],
    ["PATCH", `${uploads}${nowhere}?_state=a`, of("upload"), { body: "x" }],
    ["PUT", `${uploads}${nowhere}?_state=a&digest=${digestOf("x")}`, of("upload"), { body: "x" }],
    ["DELETE", `${uploads}${nowhere}?_state=a`, of("upload")],
    ["PUT", `${base}/manifests/2`, of("manifest"), push],
    ["PUT", `${base}/manifests/${digestOf(manifest)}`, of("manifest"), push],
    ["POST", `${base}/manifests/1`, of("manifest")],
    ["PATCH", `${base}/blobs/${digestOf(layer)}`, of("blob")],
    ["DELETE", `${base}/manifests/2`, of("manifest")],
    ["DELETE", `${base}/blobs/${digestOf("nothing")}`, of("blob")],
  ];
}

/** What differs from the model, a line for each, of how many requests. */
export async function gridDifferences(
  stand: Stand,
  world: World,
  who: readonly GridAsker[],
  repositories: readonly string[],
): Promise<{ readonly requests: number; readonly differences: readonly string[] }> {
  const differences: string[] = [];
  let requests = 0;
  const all: readonly Cell[] = [
    ["GET", "/v2/", { kind: "ping" }],
    ["HEAD", "/v2/", { kind: "ping" }],
    ["GET", "/v2/_catalog", { kind: "catalogue" }],
    ["GET", "/v2/_catalog?n=2", { kind: "catalogue" }],
    ...repositories.flatMap(cells),
  ];
  for (const { title, login, headers, asker } of who)
    for (const [method, path, address, options = {}] of all) {
      const answer = await stand.ask(path, {
        method,
        user: login,
        ...options,
        headers: { Accept: oci, ...options.headers, ...headers },
      });
      const expected = verdict(world, asker, method, address);
      const seen = answer.status === 401 || answer.status === 403 ? answer.status : "passes";
      const isTold =
        seen !== 403 || method === "HEAD" || /"DENIED","message":"\S+ may not |expired on/.test(answer.body);
      requests++;
      if (seen !== expected || !isTold || answer.status >= 500)
        differences.push(`${title}: ${method} ${path}: ${expected}, and was ${answer.status} ${answer.body}`);
    }
  return { requests, differences };
}

/** Puts an image into repositories, as a user who may. */
export async function fill(stand: Stand, user: string, repositories: readonly string[]): Promise<void> {
  for (const repository of repositories) {
    for (const content of [layer, config]) {
      const uploads = `/v2/${repository}/blobs/uploads/`;
      const { headers } = await expect(stand, 202, uploads, { method: "POST", user });
      const end = `${headers.location}&digest=${digestOf(content)}`;
      await expect(stand, 201, end, { method: "PUT", user, body: content });
    }
    const options = { method: "PUT", user, headers: { "Content-Type": oci }, body: manifest };
    await expect(stand, 201, `/v2/${repository}/manifests/1`, options);
  }
}

async function expect(stand: Stand, status: number, path: string, options: RequestOptions): Promise<Answer> {
  const answer = await stand.ask(path, options);
  if (answer.status !== status) throw new Error(`${options.method} ${path}: ${answer.status} ${answer.body}`);
  return answer;
}
