import {
  blobData,
  layerLink,
  layoutOf,
  revisionLink,
  tagIndexLink,
  tagLink,
  tagsFolder,
} from "../../../components/keeper/program/layout";

/** Where the model's registry keeps its data, and its keeper what it knows. */
export const dataFolder = "/data";
export const controlFolder = "/control";
export const layout = layoutOf(dataFolder);

/** One step of the registry on the disk, or of whoever else works there. */
export type Operation =
  /** Reads or stats; if it is not there the request is refused. */
  | { readonly does: "need"; readonly path: string }
  /** Skips what follows unless the text is there. */
  | { readonly does: "if"; readonly path: string; readonly text?: string; readonly over: number }
  /** Skips the next operation if the path is there. */
  | { readonly does: "unless"; readonly path: string }
  /** Writes elsewhere and renames into place. */
  | { readonly does: "write"; readonly path: string; readonly text: string }
  | { readonly does: "unlink"; readonly path: string }
  | { readonly does: "rmdir"; readonly path: string }
  /** Gives something back from the trash; nothing if it is not there. */
  | { readonly does: "restore"; readonly path: string };

/** What a client asks for at once; between two requests any time may pass. */
export interface Request {
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** A manifest of the model, whose digest says nothing of its text: nobody in the model computes one. */
export interface Image {
  readonly digest: string;
  readonly layers?: readonly string[];
  readonly children?: readonly string[];
  readonly subject?: string;
}

/** A digest that is easy to tell from others. */
export function digestOf(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

/** Nobody looks for what clients fetch elsewhere. */
const elsewhere = { digest: digestOf("0"), size: 1, mediaType: "application/x.foreign.config" };

/** The configuration of an image is its first layer, so that there is no more to push; one without layers has none here. */
export function textOf({ layers, children, subject }: Image): string {
  const descriptors = (digests: readonly string[]) => digests.map((digest) => ({ digest, size: 1 }));
  const [config = elsewhere] = descriptors(layers ?? []);
  return JSON.stringify({
    schemaVersion: 2,
    ...(children ? { manifests: descriptors(children) } : { config, layers: descriptors(layers ?? []) }),
    ...(subject && { subject: { digest: subject, size: 1 } }),
  });
}

/** The end of an upload: `Commit` in blobwriter.go. */
export function putBlob(repository: string, digest: string): Request {
  return {
    name: `put blob ${digest.slice(7, 9)} in ${repository}`,
    operations: [
      { does: "unless", path: blobData(layout, digest) },
      { does: "write", path: blobData(layout, digest), text: digest },
      { does: "write", path: layerLink(layout, repository, digest), text: digest },
    ],
  };
}

/** `mount` in linkedblobstore.go. */
export function mount(from: string, to: string, digest: string): Request {
  return {
    name: `mount ${digest.slice(7, 9)} from ${from} to ${to}`,
    operations: [
      { does: "need", path: layerLink(layout, from, digest) },
      { does: "need", path: blobData(layout, digest) },
      { does: "write", path: layerLink(layout, to, digest), text: digest },
    ],
  };
}

/** `PutManifest` in manifests.go: verified, stored, linked, tagged. */
export function putManifest(repository: string, image: Image, tag?: string): Request {
  const { digest, layers = [], children = [] } = image;
  const current = tag === undefined ? "" : tagLink(layout, repository, tag);
  return {
    name: `put ${digest.slice(7, 9)} as ${repository}${tag === undefined ? "" : `:${tag}`}`,
    operations: [
      ...layers.flatMap((layer) => seen(layerLink(layout, repository, layer), layer)),
      ...children.flatMap((child) => seen(revisionLink(layout, repository, child), child)),
      { does: "unless", path: blobData(layout, digest) },
      { does: "write", path: blobData(layout, digest), text: textOf(image) },
      { does: "write", path: revisionLink(layout, repository, digest), text: digest },
      ...(tag === undefined
        ? []
        : ([
            { does: "write", path: tagIndexLink(layout, repository, tag, digest), text: digest },
            { does: "write", path: current, text: digest },
          ] as const)),
    ],
  };
}

/** `DeleteManifest` by digest in manifests.go: the link, and then each tag that points to it. */
export function deleteManifest(repository: string, { digest }: Image, tags: readonly string[]): Request {
  const revision = revisionLink(layout, repository, digest);
  return {
    name: `delete ${repository}@${digest.slice(7, 9)}`,
    operations: [
      ...seen(revision, digest),
      { does: "unlink", path: revision },
      ...tags.flatMap((tag): Operation[] => {
        const untag = untagging(repository, tag, [digest]);
        const path = tagLink(layout, repository, tag);
        return [{ does: "if", path, text: digest, over: untag.length }, ...untag];
      }),
    ],
  };
}

/** `Untag` in tagstore.go, which is `RemoveAll` of the tag's folder. */
export function deleteTag(repository: string, tag: string, digests: readonly string[]): Request {
  const path = tagLink(layout, repository, tag);
  return {
    name: `delete ${repository}:${tag}`,
    operations: [{ does: "need", path }, ...untagging(repository, tag, digests)],
  };
}

/** The registry dies when so many operations of a request are left. */
export function cutShort({ name, operations }: Request, left: number): Request {
  return { name: `${name}, cut short`, operations: operations.slice(0, -left) };
}

function untagging(repository: string, tag: string, digests: readonly string[]): Operation[] {
  return [
    { does: "unlink", path: tagLink(layout, repository, tag) },
    ...digests.map(
      (digest): Operation => ({ does: "unlink", path: tagIndexLink(layout, repository, tag, digest) }),
    ),
    { does: "rmdir", path: `${tagsFolder(layout, repository)}/${tag}` },
  ];
}

function seen(link: string, digest: string): Operation[] {
  return [
    { does: "need", path: link },
    { does: "need", path: blobData(layout, digest) },
  ];
}
