import { writeFileSync } from "node:fs";
import { output, run } from "../../tools/shell";
import { authorization, type Target, urlOf } from "../targets/target";
import { Client, expectStatus } from "./client";
import type { Payload } from "./payload";

const repository = "bench/images";

/** No check of a certificate that is new for each run. */
function curl({ http2 }: Target): string[] {
  return ["curl", "--silent", "--show-error", "--insecure", http2 ? "--http2" : "--http1.1"];
}

function login(target: Target): string[] {
  return Object.entries(authorization(target)).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
}

export function blobUrl(target: Target, digest: string): string {
  return `${urlOf(target)}/v2/${repository}/blobs/${digest}`;
}

/** Pushes a file as docker does: start, one streamed PATCH, commit. */
export async function push(target: Target, { file, digest }: Payload): Promise<void> {
  const client = new Client(target, 1);
  const started = await client.ask("POST", `/v2/${repository}/blobs/uploads/`);
  expectStatus(started, 202, `${target.name}: start of an upload`);
  const url = new URL(started.location, urlOf(target)).href;
  const headers = ["Content-Type: application/octet-stream", "Transfer-Encoding: chunked", "Expect:"];
  const written = "%{http_code} %header{location}";
  const answer = await output([
    ...curl(target),
    ...["--request", "PATCH", "--upload-file", file, "--output", "/dev/null", "--write-out", written],
    ...headers.flatMap((header) => ["--header", header]),
    ...login(target),
    url,
  ]);
  const [status = "", location = ""] = answer.split(" ");
  expectStatus({ status: Number(status), location }, 202, `${target.name}: upload`);
  const commit = new URL(location, url);
  commit.searchParams.set("digest", digest);
  expectStatus(await client.ask("PUT", commit.href), 201, `${target.name}: end of an upload`);
  client.close();
}

/** One pull of a crowd. */
export interface Pull {
  readonly seconds: number;
  readonly complete: boolean;
}

/** Pulls a blob `count` times, all at once, in up to four processes of curl. */
export async function pullCrowd(
  target: Target,
  blob: Payload,
  count: number,
  folder: string,
): Promise<Pull[]> {
  const processes = Math.min(4, count);
  const each = Math.ceil(count / processes);
  const config = `${folder}/curl-${target.name}`;
  const transfer = `url = "${blobUrl(target, blob.digest)}"\noutput = "/dev/null"\n`;
  writeFileSync(config, transfer.repeat(each));
  const many = ["--parallel", "--parallel-immediate", "--parallel-max", String(each)];
  const written = "%{time_total} %{http_code} %{size_download}\\n";
  const command = [...curl(target), ...many, ...login(target), "--write-out", written, "--config", config];
  const ended = await Promise.all(Array.from({ length: processes }, () => run(command)));
  return ended.flatMap(({ stdout }) => {
    const lines = stdout.split("\n").filter(Boolean);
    const pulls = lines.map((line) => {
      const [seconds, status, bytes] = line.split(" ").map(Number);
      return { seconds: seconds ?? 0, complete: status === 200 && bytes === blob.bytes };
    });
    // A transfer that curl says nothing of has failed too.
    const missing = Array.from({ length: each - pulls.length }, () => ({ seconds: 0, complete: false }));
    return [...pulls, ...missing];
  });
}

/** Pulls a blob once; fails if it is not whole. */
export async function pull(target: Target, blob: Payload): Promise<void> {
  const command = [
    ...curl(target),
    ...login(target),
    "--output",
    "/dev/null",
    "--write-out",
    "%{http_code} %{size_download}",
  ];
  const answer = await output([...command, blobUrl(target, blob.digest)]);
  if (answer !== `200 ${blob.bytes}`) throw new Error(`${target.name}: a pull answered ${answer}`);
}

/** Pulls blobs one after the other on one connection. */
export async function pullMany(target: Target, digests: readonly string[], folder: string): Promise<void> {
  const config = `${folder}/curl-many-${target.name}`;
  const lines = digests.map((digest) => `url = "${blobUrl(target, digest)}"\noutput = "/dev/null"\n`);
  writeFileSync(config, lines.join(""));
  const command = [
    ...curl(target),
    "--fail",
    ...login(target),
    "--write-out",
    "%{http_code}\\n",
    "--config",
    config,
  ];
  const statuses = (await output(command)).split("\n");
  const good = statuses.filter((status) => status === "200").length;
  if (good !== digests.length)
    throw new Error(`${target.name}: ${good} of ${digests.length} small pulls succeeded`);
}

/** Pushes small blobs on four connections, each by POST and PUT; answers nothing but fails if one does. */
export async function pushMany(target: Target, blobs: ReadonlyMap<string, Buffer>): Promise<void> {
  const client = new Client(target, 4);
  const waiting = [...blobs];
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [digest, bytes] = next;
      const started = await client.ask("POST", `/v2/${repository}/blobs/uploads/`);
      const url = new URL(expectStatus(started, 202, "start of a small upload").location, urlOf(target));
      url.searchParams.set("digest", digest);
      expectStatus(await client.ask("PUT", url.href, bytes), 201, "small upload");
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  client.close();
}
