import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../../../tools/shell";

export interface Found {
  /** Images, or parts of them, that are not there. */
  readonly missing: readonly string[];
  /** Files whose content is not what their digest says. */
  readonly damaged: readonly string[];
}

/** What of these images, `repository:tag` to digest, is on a copy of the disk. */
export async function imagesIn(
  copy: string,
  images: { readonly [reference: string]: string },
): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-copy-"));
  // It plays back its journal, as after a start of the machine.
  await output(["mount", "-o", "loop", copy, folder]);
  try {
    const all = Object.entries(images).map(([reference, digest]) => imageIn(folder, reference, digest));
    return {
      missing: all.flatMap(({ missing }) => missing),
      damaged: all.flatMap(({ damaged }) => damaged),
    };
  } finally {
    await output(["umount", folder]);
    rmdirSync(folder);
  }
}

function imageIn(folder: string, reference: string, digest: string): Found {
  const [repository = "", tag = ""] = reference.split(":");
  const root = join(folder, "docker/registry/v2");
  const inRepository = (...path: string[]) => join(root, "repositories", repository, ...path);
  const hashOf = (each: string) => each.replace("sha256:", "");
  const blob = (each: string) => join(root, "blobs/sha256", hashOf(each).slice(0, 2), hashOf(each), "data");
  const tagLink = inRepository("_manifests/tags", tag, "current/link");
  if (!existsSync(tagLink)) return { missing: [reference], damaged: [] };
  if (readFileSync(tagLink, "utf8") !== digest) return { missing: [], damaged: [tagLink] };
  const revision = inRepository("_manifests/revisions/sha256", hashOf(digest), "link");
  if (!existsSync(blob(digest)) || !existsSync(revision))
    return { missing: [`the manifest of ${reference}`], damaged: [] };
  const manifest = readFileSync(blob(digest));
  if (digestOf(manifest) !== digest) return { missing: [], damaged: [blob(digest)] };
  const parts: { config: { digest: string }; layers: { digest: string }[] } = JSON.parse(
    manifest.toString("utf8"),
  );
  const digests = [parts.config, ...parts.layers].map((each) => each.digest);
  const missing = digests.filter(
    (each) => !existsSync(blob(each)) || !existsSync(inRepository("_layers/sha256", hashOf(each), "link")),
  );
  const damaged = digests.filter(
    (each) => existsSync(blob(each)) && digestOf(readFileSync(blob(each))) !== each,
  );
  return { missing: missing.map((each) => `${each} of ${reference}`), damaged: damaged.map(blob) };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
