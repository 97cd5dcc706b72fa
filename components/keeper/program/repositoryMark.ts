import type { Disk } from "./disk";
import { Unreadable } from "./job";
import { blobData, type Layout, manifestFolder, revisionLink } from "./layout";
import { type Ground, type Missing, type Reach, reachLayer, reachManifest } from "./reach";
import { manifestsEver, subjectOfTag } from "./signatures";
import {
  type Dependent,
  dependentManifest,
  dependentTag,
  reachDependents,
  subjectOfManifest,
} from "./subjects";
import { strayHistory } from "./tagHistory";
import { linkThing, type Thing } from "./trash";
import { isDigest, type Link, layerLinks, revisionLinks, tagLinks } from "./walk";

/** What decides what is needed, beside the tags. */
export interface Choice {
  /** Whether a manifest without a tag is kept. */
  readonly keepsUntagged: (link: Link) => boolean;
  /** Whether a link was written since the first mark of this run: it and all that it reaches is needed. */
  readonly isNew: (link: Link) => boolean;
  readonly isTrashed: (path: string) => boolean;
  /** What is in the trash because its subject went. */
  readonly orphans: readonly Thing[];
}

/** What a repository needs, and what in it nothing needs. */
export interface RepositoryMark {
  readonly blobs: ReadonlyMap<string, Missing>;
  readonly missing: readonly Missing[];
  /** Links that nothing needs. */
  readonly spare: readonly Thing[];
  /** All links but those of the history of tags. */
  readonly links: readonly Link[];
  /** Manifests that no tag needs. */
  readonly untagged: readonly Link[];
  /** Folders by which one knows that a subject was here, where nothing else says so. */
  readonly evidence: readonly string[];
}

/** The links are read in the order opposite to that of the registry's writing: whoever sees a link sees what it needs. */
export function markRepository(
  disk: Disk,
  layout: Layout,
  repository: string,
  choice: Choice,
): RepositoryMark {
  const tags = tagLinks(disk, layout, repository);
  const revisions = byName(revisionLinks(disk, layout, repository));
  const layers = byName(layerLinks(disk, layout, repository));
  const ground: Ground = { disk, layout, repository, revisions, layers };
  const reach: Reach = { links: new Set(), blobs: new Map(), missing: new Map() };
  const wasHere = manifestsEver(
    ground,
    () => [...tags.keys()],
    (digest) => choice.isTrashed(revisionLink(layout, repository, digest)),
  );
  const isHere = (digest: string): boolean => revisions.has(digest) || wasHere(digest);

  const tagged = reachTags(ground, reach, tags, choice, isHere);
  const untagged = [...revisions.values()].filter(({ path }) => !reach.links.has(path));
  const dependents = [...tagged, ...reachUntagged(ground, reach, untagged, tags, choice, isHere)];
  for (const layer of layers.values()) if (choice.isNew(layer)) reachLayer(ground, reach, layer);
  const dead = reachDependents(ground, reach, dependents);

  const links = [...tags.values(), ...revisions.values(), ...layers.values()];
  const about = new Map(dead.flatMap(({ things }) => things.map((thing) => [thing.path, thing])));
  const unneeded = [...revisions.values(), ...layers.values()].filter(({ path }) => !reach.links.has(path));
  for (const link of unneeded) if (!about.has(link.path)) about.set(link.path, linkThing(link));
  return {
    blobs: reach.blobs,
    missing: [...reach.missing.values(), ...missedOrphans(reach, choice)],
    spare: [...about.values(), ...strayHistory(disk, layout, repository, tags)],
    links,
    untagged,
    evidence: dependents
      .filter(({ subject }) => !revisions.has(subject))
      .map(({ subject }) => manifestFolder(layout, repository, subject)),
  };
}

/** Goes through all tags but those that are about another manifest, which are the answer. */
function reachTags(
  ground: Ground,
  reach: Reach,
  tags: ReadonlyMap<string, Link>,
  choice: Choice,
  isHere: (digest: string) => boolean,
): Dependent[] {
  const dependents: Dependent[] = [];
  for (const [tag, link] of tags) {
    const subject = subjectOfTag(tag, link.digest);
    if (subject !== undefined && !choice.isNew(link) && isHere(subject)) {
      dependents.push(dependentTag(ground, tag, link, subject));
    } else reachManifest(ground, reach, link.digest, `${ground.repository}:${tag}`, "fatal");
  }
  return dependents;
}

/** Goes through the manifests without a tag that are kept, but for those that are about another, which are the answer. */
function reachUntagged(
  ground: Ground,
  reach: Reach,
  untagged: readonly Link[],
  tags: ReadonlyMap<string, Link>,
  choice: Choice,
  isHere: (digest: string) => boolean,
): Dependent[] {
  const dependents: Dependent[] = [];
  const tagged = new Set([...tags.values()].map(({ digest }) => digest));
  for (const link of untagged) {
    if (choice.isNew(link)) {
      reachManifest(ground, reach, link.digest, nameOf(ground, link), "absent");
    } else if (!tagged.has(link.digest)) {
      const subject = subjectOfManifest(ground, blobData(ground.layout, link.digest), link.digest);
      if (subject !== undefined && isHere(subject)) dependents.push(dependentManifest(ground, link, subject));
      else if (choice.keepsUntagged(link))
        reachManifest(ground, reach, link.digest, nameOf(ground, link), "absent");
    }
  }
  return dependents;
}

function nameOf({ repository }: Ground, { digest }: Link): string {
  return `${repository}@${digest}`;
}

/** What went with a subject that is needed again. */
function missedOrphans({ links }: Reach, { orphans }: Choice): Missing[] {
  return orphans
    .filter(({ subject }) => subject !== undefined && links.has(subject))
    .map(({ path }) => ({ path, of: path, weight: "orphan" }));
}

/** @throws Unreadable for a link that is not to the digest in its name; only one by another algorithm than ours may be. */
function byName(links: readonly Link[]): Map<string, Link> {
  return new Map(
    links.map((link) => {
      const { named = "", digest, path } = link;
      const isAlias = isDigest(named) && !named.startsWith("sha256:") && digest.startsWith("sha256:");
      if (named !== digest && !isAlias) throw new Unreadable(`${path} has another digest in it: ${digest}`);
      return [named, link];
    }),
  );
}
