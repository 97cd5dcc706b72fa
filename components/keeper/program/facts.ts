import type { Disk } from "./disk";
import { Unreadable } from "./job";
import { blobData, type Layout } from "./layout";
import { type Descriptor, type Manifest, platformOf, readManifest } from "./manifest";

/** What a person wants to know of a manifest. */
export interface Facts {
  readonly manifest?: Manifest;
  readonly kind: "image" | "index" | "artifact" | "unreadable";
  /** What a client would fetch of it in the end, each blob once: of an index all children that are here. In bytes. */
  readonly bytes: number;
  readonly platforms: readonly string[];
  /** Why nothing is known. */
  readonly fault?: string;
}

/** A configuration that says what an image is for; the artifacts of other programs have other ones. */
const imageConfigs = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
/** No configuration of an image is larger; whoever pushes says what its size is. */
const LARGEST_CONFIG = 4 * 1024 * 1024;
/** How deep indexes lie within each other that anybody has a use for, and more: what lies deeper is not looked at. */
const DEEPEST = 32;

/** Tells the facts of manifests, each read once. */
export function factsReader(disk: Disk, layout: Layout): (digest: string) => Facts {
  const known = new Map<string, Reading>();
  return (digest) => factsOf(readingOf({ disk, layout, known }, digest));
}

interface Source {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly known: Map<string, Reading>;
}

/** A manifest with all that belongs to it, by digest. */
interface Reading extends Omit<Facts, "bytes"> {
  readonly sizes: ReadonlyMap<string, number>;
}

function factsOf({ sizes, ...facts }: Reading): Facts {
  return { ...facts, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}

function readingOf(source: Source, digest: string, depth = 0): Reading {
  const known = source.known.get(digest);
  if (known !== undefined) return known;
  if (depth > DEEPEST) return unreadable(`more than ${DEEPEST} indexes lie within each other`);
  // Damaged data may make two manifests mention each other.
  source.known.set(digest, unreadable("it mentions itself"));
  const reading = readingAnew(source, digest, depth);
  source.known.set(digest, reading);
  return reading;
}

function readingAnew(source: Source, digest: string, depth: number): Reading {
  const { disk, layout } = source;
  try {
    const manifest = readManifest(disk, layout, digest);
    return isIndex(manifest)
      ? indexReading(source, digest, manifest, depth)
      : imageReading(source, digest, manifest);
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error.message);
    throw error;
  }
}

function unreadable(fault: string): Reading {
  return { kind: "unreadable", sizes: new Map(), platforms: [], fault };
}

function indexReading(source: Source, digest: string, manifest: Manifest, depth: number): Reading {
  const sizes = new Map([[digest, manifest.size]]);
  const platforms = new Set<string>();
  for (const child of manifest.manifests) {
    if (source.disk.stat(blobData(source.layout, child.digest)) === undefined) continue;
    const reading = isManifest(child) ? readingOf(source, child.digest, depth + 1) : undefined;
    for (const [part, size] of reading?.sizes ?? [[child.digest, child.size]]) sizes.set(part, size);
    for (const platform of child.platform ? [child.platform] : (reading?.platforms ?? [])) {
      // BuildKit writes so of what describes the other children.
      if (platform !== "unknown/unknown") platforms.add(platform);
    }
  }
  return { manifest, kind: "index", sizes, platforms: [...platforms] };
}

function imageReading({ disk, layout }: Source, digest: string, manifest: Manifest): Reading {
  const sizes = new Map([[digest, manifest.size]]);
  for (const blob of manifest.blobs) sizes.set(blob.digest, blob.size);
  const { artifactType, config } = manifest;
  const isImage =
    artifactType === undefined && config !== undefined && imageConfigs.includes(config.mediaType);
  if (!isImage) return { manifest, kind: "artifact", sizes, platforms: [] };
  const platform = configPlatform(disk, layout, config.digest);
  return { manifest, kind: "image", sizes, platforms: platform === "" ? [] : [platform] };
}

function isIndex({ mediaType, manifests }: Manifest): boolean {
  return manifests.length > 0 || /[.](?:index|list)[.]/.test(mediaType);
}

/** Whether what an index mentions is a manifest; the caches of BuildKit mention layers. */
export function isManifest({ mediaType }: Descriptor): boolean {
  return /[.](?:manifest|index)[.]/.test(mediaType);
}

function configPlatform(disk: Disk, layout: Layout, digest: string): string {
  const config = readConfig(disk, layout, digest);
  return typeof config === "object" && config !== null ? platformOf({ ...config }) : "";
}

/** A configuration, or undefined if it is not there, too large or not JSON. */
export function readConfig(disk: Disk, layout: Layout, digest: string): unknown {
  const path = blobData(layout, digest);
  const stat = disk.stat(path);
  if (stat === undefined || stat.size > LARGEST_CONFIG) return undefined;
  try {
    return JSON.parse(disk.read(path) ?? "");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
