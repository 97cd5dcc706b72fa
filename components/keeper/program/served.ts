import { createHash } from "node:crypto";
import { request } from "node:http";
import { isTag, listFile, parseBackupList } from "./backupList";
import { counted } from "./format";
import { type Context, Unreadable } from "./job";
import { isForeign, parseManifest } from "./manifest";

/** What a registry answers for every kind of manifest. */
const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

interface Answered {
  readonly status: number;
  readonly length: number;
  readonly body: Buffer;
}

/**
 * Asks a registry for every tag of a backup's list, as a client does: each must be the manifest of the list, by its bytes, and
 * all that it needs must be handed out in its length.
 */
export async function proveServed(context: Context, address = "127.0.0.1:5000"): Promise<void> {
  const { links } = parseBackupList(context.disk.read(listFile(context)) ?? "");
  const tags = links.filter(({ link }) => isTag(link));
  await isUp(address);
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { link, digest } of tags) {
    const [, repository = "", tag = ""] = /^repositories\/(.+)\/_manifests\/tags\/([^/]+)\//.exec(link) ?? [];
    const found = await ask(address, "GET", `/v2/${repository}/manifests/${tag}`);
    const hash = hashOf(found.body, digest);
    if (found.status !== 200 || hash !== digest)
      problems.push(`${repository}:${tag} is answered with ${found.status}, ${hash} instead of ${digest}`);
    else {
      const text = `${found.body}`;
      for (const problem of await partProblems(address, repository, { digest, text }, seen))
        problems.push(problem);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(`served: ${counted(tags.length, "tag")}`);
}

/** Of all that a manifest names, once in each repository. */
async function partProblems(
  address: string,
  repository: string,
  { digest, text }: { readonly digest: string; readonly text: string },
  seen: Set<string>,
): Promise<string[]> {
  const isNew = (part: string) => !seen.has(`${repository}@${part}`) && seen.add(`${repository}@${part}`);
  const problems: string[] = [];
  const { blobs, manifests } = parseManifest(text, digest);
  for (const blob of blobs.filter((part) => isNew(part.digest))) {
    const { status, length } = await ask(address, "HEAD", `/v2/${repository}/blobs/${blob.digest}`);
    // One that clients fetch elsewhere was never in the registry.
    if (status === 404 && isForeign(blob)) continue;
    if (status !== 200 || length !== blob.size)
      problems.push(`${repository}@${blob.digest} is answered with ${status} and ${length} bytes`);
  }
  for (const child of manifests.filter((part) => isNew(part.digest))) {
    const found = await ask(address, "GET", `/v2/${repository}/manifests/${child.digest}`);
    // A registry may have an index without all of its parts; the list on the disk was compared before.
    if (found.status === 404) continue;
    if (found.status !== 200 || hashOf(found.body, child.digest) !== child.digest) {
      problems.push(`${repository}@${child.digest} is answered with ${found.status}`);
      continue;
    }
    const part = { digest: child.digest, text: `${found.body}` };
    for (const problem of await partProblems(address, repository, part, seen)) problems.push(problem);
  }
  return problems;
}

function hashOf(body: Buffer, digest: string): string {
  const [algorithm = ""] = digest.split(":");
  return `${algorithm}:${createHash(algorithm).update(body).digest("hex")}`;
}

/** @throws Error for one that does not answer within a minute */
async function isUp(address: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await ask(address, "GET", "/v2/");
      return;
    } catch (error) {
      if (attempt === 300)
        throw new Unreadable(`the registry on the restored images does not answer: ${error}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function ask(address: string, method: "GET" | "HEAD", path: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `http://${address}${path}`,
      { method, headers: { Accept: accepted } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            length: Number(response.headers["content-length"] ?? -1),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}
