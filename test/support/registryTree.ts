import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../components/keeper/program/job";
import {
  blobData,
  type Layout,
  layerLink,
  layoutOf,
  revisionLink,
  tagIndexLink,
  tagLink,
} from "../../components/keeper/program/layout";
import { nodeDisk } from "../../components/keeper/program/nodeDisk";
import type { Settings } from "../../components/keeper/program/settings";
import { usualSettings } from "./keeper/usualSettings";

export const ociManifest = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociConfig = "application/vnd.oci.image.config.v1+json";
const ociLayer = "application/vnd.oci.image.layer.v1.tar";

/** What a manifest says of a blob or of another manifest. */
export interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly [field: string]: string };
}

export interface ImageOptions {
  readonly tag?: string;
  /** The content of each layer. */
  readonly layers?: readonly string[];
  /** Such as "linux/arm64/v8"; also tells one image from another. */
  readonly platform?: string;
  /** What it signs or describes. */
  readonly subject?: Described;
  /** Makes it something other than an image. */
  readonly artifactType?: string;
}

/** A folder of data as the registry writes it, made file by file, and a folder for the keeper. */
export interface RegistryTree {
  readonly context: Context;
  readonly layout: Layout;
  /** The progress that was told. */
  readonly said: string[];
  /** A blob without a link. */
  blob(content: string): string;
  /** A blob that a repository hands out. */
  layer(repository: string, content: string, mediaType?: string): Described;
  /** A manifest of any form. */
  manifest(repository: string, fields: object, tag?: string): Described;
  /** An image with its configuration and layers. */
  image(repository: string, options?: ImageOptions): Described;
  /** An index; what it mentions need not be there. */
  index(repository: string, children: readonly Described[], tag?: string): Described;
  /** Points a tag to a manifest, as if it were pushed now. */
  tag(repository: string, tag: string, digest: string): void;
  /** Writes any file. */
  write(path: string, text: string): void;
  /** Makes a file so many seconds older. */
  age(path: string, seconds: number): void;
}

/** Runs a test with a tree of its own, and removes it. */
export function inRegistryTree(body: (tree: RegistryTree) => void, settings: Partial<Settings> = {}): void {
  // In memory where there is a folder for that: a disk that others are busy with takes seconds for a thousand small files.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "keeper-tree-"));
  try {
    body(registryTree(folder, settings));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function registryTree(folder: string, settings: Partial<Settings> = {}): RegistryTree {
  const dataFolder = join(folder, "data");
  const layout = layoutOf(dataFolder);
  const said: string[] = [];
  // As the registry writes: a file anew has another inode.
  const { write } = nodeDisk;
  const context: Context = {
    disk: nodeDisk,
    say: (progress) => said.push(progress),
    settings: {
      dataFolder,
      controlFolder: join(folder, "control"),
      ...usualSettings,
      ...settings,
    },
  };
  mkdirSync(layout.repositories, { recursive: true });
  mkdirSync(layout.blobs, { recursive: true });

  const tree: RegistryTree = {
    context,
    layout,
    said,
    blob(content) {
      const digest = digestOf(content);
      // The registry, too, leaves a blob that it has.
      if (nodeDisk.stat(blobData(layout, digest)) === undefined) write(blobData(layout, digest), content);
      return digest;
    },
    layer(repository, content, mediaType = ociLayer) {
      const digest = tree.blob(content);
      write(layerLink(layout, repository, digest), digest);
      return { mediaType, digest, size: Buffer.byteLength(content) };
    },
    manifest(repository, fields, tag) {
      const text = JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, ...fields });
      const digest = tree.blob(text);
      write(revisionLink(layout, repository, digest), digest);
      if (tag !== undefined) tree.tag(repository, tag, digest);
      const mediaType = "mediaType" in fields ? String(fields.mediaType) : ociManifest;
      return { mediaType, digest, size: Buffer.byteLength(text) };
    },
    image(repository, { tag, layers = ["a layer"], platform = "linux/amd64", subject, artifactType } = {}) {
      const parts = platformFields(platform);
      const config =
        artifactType === undefined
          ? tree.layer(repository, JSON.stringify({ ...parts, rootfs: { type: "layers" } }), ociConfig)
          : tree.layer(repository, "{}", "application/vnd.oci.empty.v1+json");
      const fields = {
        artifactType,
        config,
        layers: layers.map((text) => tree.layer(repository, text)),
        subject,
      };
      const manifest = tree.manifest(repository, fields, tag);
      return artifactType === undefined ? { ...manifest, platform: parts } : manifest;
    },
    index: (repository, manifests, tag) => tree.manifest(repository, { mediaType: ociIndex, manifests }, tag),
    tag(repository, tag, digest) {
      write(tagIndexLink(layout, repository, tag, digest), digest);
      write(tagLink(layout, repository, tag), digest);
    },
    write,
    age(path, seconds) {
      const time = Date.now() / 1000 - seconds;
      utimesSync(path, time, time);
    },
  };
  return tree;
}

export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function platformFields(platform: string): { readonly [field: string]: string } {
  const [os = "", architecture = "", variant] = platform.split("/");
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
