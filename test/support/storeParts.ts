import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import type { RegistryClient } from "./client";

const stream = { "Content-Type": "application/octet-stream" };

/** Pushes a blob in parts of a size, and answers in how many seconds; fails where other bytes come back. */
export async function pushInParts(
  client: RegistryClient,
  user: string,
  repository: string,
  bytes: number,
  part: number,
): Promise<number> {
  const content = randomBytes(bytes);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const began = performance.now();
  const begun = await client.ask(`/v2/${repository}/blobs/uploads/`, { method: "POST", user });
  let location = String(begun.headers.location);
  for (let from = 0; from < bytes; from += part) {
    const body = content.subarray(from, from + part);
    const answer = await client.ask(location, { method: "PATCH", user, headers: stream, body });
    if (answer.status !== 202) throw new Error(`a part at ${from} got ${answer.status}: ${answer.body}`);
    location = String(answer.headers.location);
  }
  const separator = location.includes("?") ? "&" : "?";
  const ended = await client.ask(`${location}${separator}digest=${digest}`, { method: "PUT", user });
  if (ended.status !== 201) throw new Error(`the upload ended with ${ended.status}: ${ended.body}`);
  const seconds = (performance.now() - began) / 1000;
  const { headers, status } = await client.ask(`/v2/${repository}/blobs/${digest}`, { method: "HEAD", user });
  if (status !== 200 || headers["content-length"] !== String(bytes))
    throw new Error(`${digest} has ${headers["content-length"]} bytes with status ${status}`);
  return seconds;
}

/** Begins an upload with one part, and goes away. */
export async function abandonUpload(
  client: RegistryClient,
  user: string,
  repository: string,
  bytes: number,
): Promise<void> {
  const begun = await client.ask(`/v2/${repository}/blobs/uploads/`, { method: "POST", user });
  const body = randomBytes(bytes);
  const location = String(begun.headers.location);
  await client.ask(location, { method: "PATCH", user, headers: stream, body });
}

/** Files of a bucket of versitygw that no listing shows: parts of uploads that were never ended. */
export function partsIn(bucket: string): number {
  return readdirSync(bucket, { recursive: true, encoding: "utf8" }).filter((path) =>
    /sgwtmp.*multipart.*\/[^/]*\/\d+$/.test(path),
  ).length;
}
