/** Where the registry keeps what, below the folder of its data. */
export interface Layout {
  readonly root: string;
  readonly repositories: string;
  readonly blobs: string;
  /** Beside what the registry knows, on the same disk: what the keeper has taken, until it is purged. */
  readonly trash: string;
  /** The same of blobs whose content is not what their digest says. */
  readonly quarantine: string;
}

export function layoutOf(dataFolder: string): Layout {
  const root = `${dataFolder}/docker/registry/v2`;
  return {
    root,
    repositories: `${root}/repositories`,
    blobs: `${root}/blobs`,
    trash: `${dataFolder}/.trash`,
    quarantine: `${dataFolder}/.quarantine`,
  };
}

/** `sha256:ab…` as the two last parts of a path. */
function asPath(digest: string): string {
  return digest.replace(":", "/");
}

/** The folder of a blob, the only folder that ever moves. */
export function blobFolder({ blobs }: Layout, digest: string): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return `${blobs}/${algorithm}/${hex.slice(0, 2)}/${hex}`;
}

export function blobData(layout: Layout, digest: string): string {
  return leaf(blobFolder(layout, digest));
}

/** The links of layers and configurations. */
export function layersFolder({ repositories }: Layout, repository: string): string {
  return `${repositories}/${repository}/_layers`;
}

/** What lets a repository hand out a layer or configuration. */
export function layerLink(layout: Layout, repository: string, digest: string): string {
  return `${layersFolder(layout, repository)}/${asPath(digest)}/link`;
}

/** The links of manifests. */
export function revisionsFolder({ repositories }: Layout, repository: string): string {
  return `${repositories}/${repository}/_manifests/revisions`;
}

/** What the registry leaves of a manifest whose link it deletes. */
export function manifestFolder(layout: Layout, repository: string, digest: string): string {
  return `${revisionsFolder(layout, repository)}/${asPath(digest)}`;
}

/** What lets a repository hand out a manifest. */
export function revisionLink(layout: Layout, repository: string, digest: string): string {
  return `${manifestFolder(layout, repository, digest)}/link`;
}

export function tagsFolder({ repositories }: Layout, repository: string): string {
  return `${repositories}/${repository}/_manifests/tags`;
}

/** What a tag points to. When it was written is when the tag was pushed. */
export function tagLink(layout: Layout, repository: string, tag: string): string {
  return `${tagsFolder(layout, repository)}/${tag}/current/link`;
}

/** The links to all that a tag has ever pointed to. */
export function historyFolder(layout: Layout, repository: string, tag: string): string {
  return `${tagsFolder(layout, repository)}/${tag}/index`;
}

/** One of all that a tag has ever pointed to. */
export function tagIndexLink(layout: Layout, repository: string, tag: string, digest: string): string {
  return `${historyFolder(layout, repository, tag)}/${asPath(digest)}/link`;
}

/** The folder of the tag that a link of its history is in; undefined of every other link. */
export function tagFolderOfHistory(link: string): string | undefined {
  return /^(.*)\/index\/[^/]+\/[^/]+\/link$/.exec(link)?.[1];
}

/** The repository that a link of layers or manifests is in. */
export function repositoryOfLink({ repositories }: Layout, link: string): string {
  return link.slice(repositories.length + 1).replace(/\/_(?:layers|manifests)\/.*$/, "");
}

/** The manifest that a link lets a repository hand out; undefined of every other link, and of one by another algorithm. */
export function manifestOfLink(link: string): string | undefined {
  const hex = /\/_manifests\/revisions\/sha256\/([0-9a-f]{64})\/link$/.exec(link)?.[1];
  return hex && `sha256:${hex}`;
}

/** What the registry reads of a link, or of the folder of a blob: the link itself, or the file in the folder. */
export function leaf(path: string): string {
  return path.endsWith("/link") ? path : `${path}/data`;
}

/** Where a link or the folder of a blob lies in a batch of the trash: the path below the registry's root is kept. */
export function placeIn({ root, trash }: Layout, { name }: { readonly name: string }, path: string): string {
  return `${trash}/${name}${path.slice(root.length)}`;
}

/** Where something is written whole before it has its name among the data; `hex` tells it from others. */
export function placeAside({ trash }: Layout, kind: "link" | "repair", hex: string): string {
  return `${trash}/${kind}-${hex}`;
}

/** Whether a path is such a place. */
export function isAside(path: string): boolean {
  return /\/(?:link|repair)-[0-9a-f]{16,}$/.test(path);
}
