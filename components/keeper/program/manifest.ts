import type { Disk } from "./disk";
import { Unreadable } from "./job";
import { blobData, type Layout } from "./layout";
import { checkForm, type Fields, fieldsOf } from "./manifestForm";
import { isDigest } from "./walk";

/** One thing that a manifest mentions. */
export interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  /** Such as "linux/arm64/v8", of a child of an index. */
  readonly platform?: string;
}

/** What the keeper reads of a manifest, or of an index of manifests. */
export interface Manifest {
  readonly mediaType: string;
  /** What it is, if not an image. */
  readonly artifactType?: string;
  /** Size of its own text in bytes. */
  readonly size: number;
  /** The configuration and the layers: blobs of the repository. */
  readonly blobs: readonly Descriptor[];
  readonly config?: Descriptor;
  /** The children of an index. */
  readonly manifests: readonly Descriptor[];
  /** The digest of what it signs or describes. */
  readonly subject?: string;
}

/** A manifest by the digest of its blob. @throws Unreadable if it is not there or makes no sense. */
export function readManifest(disk: Disk, layout: Layout, digest: string): Manifest {
  const text = disk.read(blobData(layout, digest));
  if (text === undefined) throw new Unreadable(`the manifest ${digest} is not there`);
  return parseManifest(text, digest);
}

/** @throws Unreadable if the text is no manifest that the registry serves: nobody could say what it needs. */
export function parseManifest(text: string, digest: string): Manifest {
  const fields = fieldsOf(parsed(text, digest), digest);
  checkForm(fields, digest);
  const config = fields.config == null ? undefined : descriptor(fields.config, digest);
  const layers = descriptors(fields.layers, digest);
  return {
    mediaType: textIn(fields.mediaType),
    artifactType: typeof fields.artifactType === "string" ? fields.artifactType : undefined,
    size: Buffer.byteLength(text),
    blobs: [...(config === undefined ? [] : [config]), ...layers],
    config,
    manifests: descriptors(fields.manifests, digest),
    subject: subjectIn(fields.subject),
  };
}

/** The registry takes anything as a subject, as it does not read it: one that is none says nothing. */
function subjectIn(value: unknown): string | undefined {
  const digest = typeof value === "object" && value !== null && "digest" in value ? value.digest : undefined;
  return typeof digest === "string" && isDigest(digest) ? digest : undefined;
}

/**
 * Layers that clients fetch elsewhere, and that the registry does not look for (`verifyManifest` in
 * schema2manifesthandler.go and ocimanifesthandler.go of v3.1.2).
 */
export function isForeign({ mediaType }: Descriptor): boolean {
  return mediaType.includes(".foreign.") || mediaType.includes(".nondistributable.");
}

function parsed(text: string, digest: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable(`the manifest ${digest} is not JSON`);
  }
}

function descriptors(value: unknown, digest: string): Descriptor[] {
  if (value == null) return [];
  if (!Array.isArray(value)) throw new Unreadable(`the manifest ${digest} makes no sense`);
  return value.map((entry) => descriptor(entry, digest));
}

function descriptor(value: unknown, digest: string): Descriptor {
  const fields = fieldsOf(value, digest);
  if (typeof fields.digest !== "string" || !isDigest(fields.digest)) {
    throw new Unreadable(`the manifest ${digest} mentions something without a digest`);
  }
  return {
    digest: fields.digest,
    size: typeof fields.size === "number" ? fields.size : 0,
    mediaType: textIn(fields.mediaType),
    platform: fields.platform == null ? undefined : platformOf(fieldsOf(fields.platform, digest)),
  };
}

/** "os/architecture" with the variant, as docker writes it. */
export function platformOf({ os, architecture, variant }: Fields): string {
  return [os, architecture, variant].filter((part) => typeof part === "string" && part !== "").join("/");
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
