import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../walk/random";
import { type Blob, blobOf, type Image, indexType, manifestType } from "./images";

/** How the registry answered. */
export interface Response {
  readonly status: number;
  readonly location: string;
  readonly body: Buffer;
}

/** A registry that answers as it must not. */
export class Unexpected extends Error {}

/** A fast client of a registry without TLS, that does what the others do in the order in which they do it. */
export interface PlainClient {
  ask(method: string, path: string, body?: Buffer, headers?: Record<string, string>): Promise<Response>;
  /** Pushes once; @throws Unexpected if anything is refused. */
  push(repository: string, reference: string, image: Image, manner: Manner): Promise<void>;
  /** Pulls all of it and compares it with its digests; @throws Unexpected if anything lacks or differs. */
  pull(repository: string, reference: string): Promise<Image>;
  /** False if the manifest of a digest was not there. */
  remove(repository: string, reference: string): Promise<boolean>;
  close(): void;
}

export interface Manner {
  readonly random: Random;
  /** Another repository that layers are mounted from. */
  readonly from?: string;
  /** The longest pause between two requests, in milliseconds. */
  readonly pause: number;
}

export function plainClient(host: string, port: number): PlainClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });

  const ask: PlainClient["ask"] = (method, path, body, headers) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          host,
          port,
          method,
          path,
          headers: { Accept: `${manifestType}, ${indexType}, ${dockerTypes}`, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const { statusCode = 0, headers } = response;
            resolve({ status: statusCode, location: headers.location ?? "", body: Buffer.concat(chunks) });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const must = async (status: number, ...[method, path, ...rest]: Parameters<typeof ask>) => {
    const response = await ask(method, path, ...rest);
    if (response.status === status) return response;
    throw new Unexpected(`${method} ${path}: ${response.status} ${response.body.toString().slice(0, 300)}`);
  };

  async function pushBlob(repository: string, { digest, content }: Blob, { from }: Manner): Promise<void> {
    if ((await ask("HEAD", `/v2/${repository}/blobs/${digest}`)).status === 200) return;
    const query = from === undefined ? "" : `?mount=${digest}&from=${encodeURIComponent(from)}`;
    const begun = await ask("POST", `/v2/${repository}/blobs/uploads/${query}`);
    if (begun.status === 201) return;
    if (begun.status !== 202) throw new Unexpected(`POST to ${repository}: ${begun.status} ${begun.body}`);
    const octets = { "Content-Type": "application/octet-stream" };
    await must(201, "PUT", `${begun.location}&digest=${digest}`, content, octets);
  }

  async function push(repository: string, reference: string, image: Image, manner: Manner): Promise<void> {
    for (const child of image.children) await push(repository, child.digest, child, manner);
    for (const blob of image.blobs) {
      await pushBlob(repository, blob, manner);
      if (manner.pause > 0) await sleep(manner.random.below(manner.pause));
    }
    const type = { "Content-Type": image.mediaType };
    await must(201, "PUT", `/v2/${repository}/manifests/${reference}`, image.content, type);
  }

  async function read(path: string, digest?: string): Promise<Blob> {
    const { body } = await must(200, "GET", path);
    const blob = blobOf(body);
    if (digest !== undefined && blob.digest !== digest)
      throw new Unexpected(`GET ${path}: ${body.length} bytes that are ${blob.digest}`);
    return blob;
  }

  async function pull(repository: string, reference: string): Promise<Image> {
    const expected = reference.startsWith("sha256:") ? reference : undefined;
    const manifest = await read(`/v2/${repository}/manifests/${reference}`, expected);
    const { mediaType, config, layers = [], manifests = [], subject } = JSON.parse(String(manifest.content));
    const children: Image[] = [];
    for (const { digest } of manifests) children.push(await pull(repository, digest));
    const blobs: Blob[] = [];
    for (const { digest } of [...(config ? [config] : []), ...layers])
      blobs.push(await read(`/v2/${repository}/blobs/${digest}`, digest));
    return { ...manifest, mediaType, blobs, children, subject: subject?.digest };
  }

  return {
    ask,
    push,
    pull,
    async remove(repository, reference) {
      const path = `/v2/${repository}/manifests/${reference}`;
      const { status, body } = await ask("DELETE", path);
      // The keeper may have taken what no tag points to.
      const isGone = status === 404 && reference.startsWith("sha256:");
      if (status !== 202 && !isGone) throw new Unexpected(`DELETE ${path}: ${status} ${body}`);
      return !isGone;
    },
    close: () => agent.destroy(),
  };
}

const docker = "application/vnd.docker.distribution.manifest";
const dockerTypes = `${docker}.v2+json, ${docker}.list.v2+json`;
