import { createHash } from "node:crypto";
import { randomOf } from "../walk/random";

/** Something that a registry keeps. */
export interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** A manifest with what must be pushed before it. */
export interface Image extends Blob {
  readonly mediaType: string;
  readonly blobs: readonly Blob[];
  /** The images of an index. */
  readonly children: readonly Image[];
  /** The digest that it signs or describes. */
  readonly subject?: string;
}

export const manifestType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar";

export function blobOf(content: string | Buffer): Blob {
  const bytes = Buffer.from(content);
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, content: bytes };
}

/** A layer with one file of some hundred to some thousand bytes; the same for the same seed. */
export function layerOf(seed: string): Blob {
  const random = randomOf("layer", seed);
  const content = Buffer.from(Array.from({ length: 300 + random.below(2500) }, () => random.below(256)));
  return blobOf(tarOf(`file-${seed}`, content));
}

/** An image that every client can pull and unpack. */
export function imageOf(layers: readonly Blob[], name: string): Image {
  const config = blobOf(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Labels: { name } },
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    }),
  );
  return manifestOf(
    {
      config: described(config, configType),
      layers: layers.map((layer) => described(layer, layerType)),
    },
    [config, ...layers],
  );
}

/** What signs or describes another manifest, as cosign and oras push it. */
export function referrerOf(subject: Image, name: string): Image {
  const [config, layer] = [blobOf("{}"), blobOf(`says ${name} of ${subject.digest}`)];
  const fields = {
    artifactType: "application/example",
    config: described(config, "application/vnd.oci.empty.v1+json"),
    layers: [described(layer, "application/example")],
    subject: described(subject, subject.mediaType),
  };
  return { ...manifestOf(fields, [config, layer]), subject: subject.digest };
}

export function indexOf(children: readonly Image[]): Image {
  const architectures = ["amd64", "arm64", "s390x", "riscv64"];
  const manifests = children.map((child, number) => ({
    ...described(child, child.mediaType),
    platform: { os: "linux", architecture: architectures[number] ?? "ppc64le" },
  }));
  const text = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
  return { ...blobOf(text), mediaType: indexType, blobs: [], children };
}

function manifestOf(fields: object, blobs: readonly Blob[]): Image {
  const text = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, ...fields });
  return { ...blobOf(text), mediaType: manifestType, blobs, children: [] };
}

function described({ digest, content }: Blob, mediaType: string) {
  return { mediaType, digest, size: content.length };
}

/** An archive with one file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  const fields: readonly [at: number, text: string][] = [
    [0, name],
    [100, octal(0o644, 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(content.length, 12)],
    [136, octal(0, 12)],
    [148, " ".repeat(8)],
    [156, "0"],
    [257, "ustar\x0000"],
  ];
  for (const [at, text] of fields) header.write(text, at, "latin1");
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
    "latin1",
  );
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
