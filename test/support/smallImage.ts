import { randomBytes } from "node:crypto";
import { blobOf, manifestType } from "./keeperStress/images";

/** An image of one layer, in text, whose config is `{}`. */
export interface SmallImage {
  readonly layer: string;
  readonly manifest: string;
}

/** A new one; its layer is that many random bytes in base64. */
export function smallImage(layerBytes: number): SmallImage {
  const layer = randomBytes(layerBytes).toString("base64");
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...described("{}") },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...described(layer) }],
  });
  return { layer, manifest };
}

export function digestOf(content: string): string {
  return blobOf(content).digest;
}

function described(content: string) {
  return { size: content.length, digest: digestOf(content) };
}
