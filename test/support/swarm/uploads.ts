import { createHash } from "node:crypto";
import { request } from "node:https";
import { run } from "../../../tools/shell";
import type { RegistryClient } from "../client";
import type { Target } from "../probers";

/** Sends a blob in parts of so many bytes, each to the next of these nodes; its digest. */
export async function uploadInParts(
  clients: readonly RegistryClient[],
  repository: string,
  blob: Buffer,
  partBytes: number,
  user: string,
): Promise<string> {
  let turn = 0;
  const send = async (method: string, path: string, status: number, body?: Buffer) => {
    const client = clients[turn++ % clients.length];
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(body?.length ?? 0),
    };
    const answer = await client?.ask(path, { method, user, headers, body });
    if (answer?.status !== status) throw new Error(`${method} ${path}: ${answer?.status} ${answer?.body}`);
    return String(answer.headers.location);
  };
  let location = await send("POST", `/v2/${repository}/blobs/uploads/`, 202);
  for (let at = 0; at < blob.length; at += partBytes)
    location = await send("PATCH", location, 202, blob.subarray(at, at + partBytes));
  const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
  await send("PUT", `${location}&digest=${digest}`, 201);
  return digest;
}

/** A blob, or some of it, and how long its first byte took. */
export interface Download {
  readonly bytes: Buffer;
  readonly firstByteMs: number;
}

/** Downloads a blob, or a range of it such as "bytes=5-". */
export async function download(
  target: Target,
  repository: string,
  digest: string,
  range?: string,
): Promise<Download> {
  const chunks: Buffer[] = [];
  const headers = range === undefined ? {} : { Range: range };
  const firstByteMs = await stream(target, repository, digest, headers, (chunk) => chunks.push(chunk));
  return { bytes: Buffer.concat(chunks), firstByteMs };
}

/** A blob that is in a file, too. */
export interface KnownBlob {
  readonly repository: string;
  readonly digest: string;
  readonly file: string;
}

/**
 * Downloads a blob with curl, which costs the processors little, and answers how long its first byte took, in milliseconds.
 *
 * @param caFile PEM of the authority.
 * @throws Error if it has other bytes than the file.
 */
export async function timeToFirstByte(
  { host, port, user }: Target,
  { repository, digest, file }: KnownBlob,
  caFile: string,
): Promise<number> {
  const url = `https://${host}:${port}/v2/${repository}/blobs/${digest}`;
  const curl = `curl --silent --show-error --fail --cacert "$1" --user "$2" --write-out '%{stderr}%{time_starttransfer}' "$3"`;
  const script = `${curl} | cmp - "$4"`;
  const { status, stdout, stderr } = await run(["sh", "-c", script, "download", caFile, user, url, file]);
  if (status !== 0) throw new Error(`${digest} has other bytes: ${stdout}${stderr}`);
  return Math.round(Number(stderr) * 1000);
}

function stream(
  { host, port, ca, user }: Target,
  repository: string,
  digest: string,
  headers: { readonly Range?: string },
  take: (chunk: Buffer) => void,
): Promise<number> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const path = `/v2/${repository}/blobs/${digest}`;
    const outgoing = request({ host, port, path, ca, auth: user, agent: false, headers });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      let firstByteMs: number | undefined;
      response.on("data", (chunk) => {
        firstByteMs ??= Date.now() - started;
        take(chunk);
      });
      response.on("error", reject);
      response.on("end", () => resolve(firstByteMs ?? 0));
    });
    outgoing.end();
  });
}
