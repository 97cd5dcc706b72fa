import { digestOf, type Image, putBlob, putManifest } from "./registryClient";

/** The layer of `image`, and that of the others. */
export const layer = digestOf("a");
export const other = digestOf("b");

export const image: Image = { digest: digestOf("1"), layers: [layer] };
export const another: Image = { digest: digestOf("2"), layers: [other] };
export const index: Image = { digest: digestOf("3"), children: [image.digest] };
/** What signs `image`, and the tag that says so. */
export const signature: Image = { digest: digestOf("4"), layers: [other], subject: image.digest };
export const signatureTag = `sha256-${image.digest.slice("sha256:".length)}`;

/** A push of `image`. */
export const push = (repository: string, tag: string) => [
  putBlob(repository, layer),
  putManifest(repository, image, tag),
];
