import { createHash, randomBytes } from "node:crypto";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { checkServerIdentity } from "node:tls";
import type { Answer, RequestOptions } from "../client";

/** How one user reaches a registry. */
export interface Reach {
  readonly host: string;
  readonly port: number;
  /** Absent for plain HTTP. */
  readonly ca?: string;
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** `name:password` of everybody, the one of the walk first. */
  readonly users: readonly string[];
  /** How long a request may take. Defaults to 20. */
  readonly timeoutSeconds?: number;
}

export interface AskOptions extends RequestOptions {
  readonly timeoutSeconds?: number;
  /** To see whether somebody answers at all, whoever it is. */
  readonly trustsAnybody?: boolean;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Asks with a new connection. */
export function ask(reach: Reach, path: string, options: AskOptions = {}): Promise<Answer> {
  const { host, port, ca } = reach;
  const { method = "GET", user, headers, body } = options;
  const timeoutSeconds = options.timeoutSeconds ?? reach.timeoutSeconds ?? 20;
  const common = { host, port, path, method, auth: user, headers, agent: false };
  const trust = options.trustsAnybody
    ? { rejectUnauthorized: false }
    : {
        ca,
        checkServerIdentity: (_: string, shown: Parameters<typeof checkServerIdentity>[1]) =>
          checkServerIdentity(host, shown),
      };
  return new Promise((resolve, reject) => {
    const outgoing =
      ca === undefined
        ? requestPlain(common)
        : requestTls({ ...common, ...reach.clientCertificate, ...trust });
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no answer in ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    );
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(`${method} ${path}: ${textOf(error)}`, { cause: error }));
    };
    outgoing.on("error", fail);
    outgoing.on("response", (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => {
        clearTimeout(timer);
        const { statusCode = 0, headers: received } = response;
        resolve({ status: statusCode, headers: received, body: Buffer.concat(chunks).toString("latin1") });
      });
    });
    outgoing.end(body);
  });
}

/** Pushes an image of one random layer, and answers its digest. */
export async function push(reach: Reach, repository: string, tag: string): Promise<string> {
  const layer = randomBytes(20_000);
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    }),
  );
  const type = "application/vnd.oci.image";
  for (const blob of [config, layer]) await pushBlob(reach, repository, blob);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: `${type}.config.v1+json`, size: config.length, digest: digestOf(config) },
    layers: [{ mediaType: `${type}.layer.v1.tar`, size: layer.length, digest: digestOf(layer) }],
  });
  const headers = { "Content-Type": manifestType };
  await must(reach, `/v2/${repository}/manifests/${tag}`, 201, { method: "PUT", headers, body: manifest });
  return digestOf(manifest);
}

/** Pulls an image as a client does, and throws unless every byte of it is what was pushed. */
export async function pull(reach: Reach, repository: string, tag: string, digest: string): Promise<void> {
  const headers = { Accept: manifestType };
  const manifest = (await must(reach, `/v2/${repository}/manifests/${tag}`, 200, { headers })).body;
  if (digestOf(manifest) !== digest)
    throw new Error(`${repository}:${tag} is ${digestOf(manifest)}, and ${digest} was pushed`);
  const { config, layers }: { config: { digest: string }; layers: { digest: string }[] } =
    JSON.parse(manifest);
  for (const blob of [config, ...layers]) {
    const { body } = await must(reach, `/v2/${repository}/blobs/${blob.digest}`, 200, {});
    if (digestOf(Buffer.from(body, "latin1")) !== blob.digest)
      throw new Error(`the blob ${blob.digest} of ${repository} has other content`);
  }
}

/** Pushes a blob, whether it is there or not. */
export async function pushBlob(reach: Reach, repository: string, content: Buffer): Promise<void> {
  const start = await must(reach, `/v2/${repository}/blobs/uploads/`, 202, { method: "POST" });
  // The address may be whole, or a path alone.
  const { pathname, search } = new URL(String(start.headers.location), "http://any");
  const end = `${pathname}${search}${search === "" ? "?" : "&"}digest=${encodeURIComponent(digestOf(content))}`;
  const headers = { "Content-Type": "application/octet-stream" };
  await must(reach, end, 201, { method: "PUT", headers, body: content });
}

async function must(reach: Reach, path: string, status: number, options: AskOptions): Promise<Answer> {
  const answer = await ask(reach, path, { ...options, user: reach.users[0] });
  if (answer.status === status) return answer;
  throw new Error(
    `${options.method ?? "GET"} ${path}: status ${answer.status}, ${answer.body.slice(0, 300)}`,
  );
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Its message, with its code where it lacks that: of a reset in the middle of a handshake it tells in other words. */
function textOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
