import { historyFolder, revisionLink } from "./layout";
import { parseManifest } from "./manifest";
import { type Ground, type Reach, reachManifest, type Weight } from "./reach";
import { linkThing, type Thing } from "./trash";
import { type Link, linksIn } from "./walk";
import { whatStays } from "./whatStays";

/** What is about another manifest, such as a signature: it lives as long as that one does. */
export interface Dependent {
  readonly digest: string;
  readonly subject: string;
  /** Whose manifest it is, for a person. */
  readonly of: string;
  readonly weight: Weight;
  /** What goes with its subject: the link of the manifest, or those of its tag. */
  readonly things: readonly Thing[];
}

export function dependentTag(ground: Ground, tag: string, link: Link, subject: string): Dependent {
  const { disk, layout, repository } = ground;
  const history = linksIn(disk, historyFolder(layout, repository, tag));
  // The link that makes it a tag goes last: cut short before, it is a tag still.
  const things = [...history, link].map((each) => aboutSubject(ground, each, subject));
  return { digest: link.digest, subject, of: `${repository}:${tag}`, weight: "fatal", things };
}

export function dependentManifest(ground: Ground, link: Link, subject: string): Dependent {
  const of = `${ground.repository}@${link.digest}`;
  return {
    digest: link.digest,
    subject,
    of,
    weight: "absent",
    things: [aboutSubject(ground, link, subject)],
  };
}

function aboutSubject({ layout, repository }: Ground, link: Link, subject: string): Thing {
  return { ...linkThing(link), subject: revisionLink(layout, repository, subject) };
}

/** What a manifest without a tag is about, if it says so. */
export function subjectOfManifest({ disk }: Ground, data: string, digest: string): string | undefined {
  const text = disk.read(data);
  return text === undefined ? undefined : parseManifest(text, digest).subject;
}

/** Goes through what is about something needed, and answers with the rest. */
export function reachDependents(ground: Ground, reach: Reach, dependents: readonly Dependent[]): Dependent[] {
  let waiting = dependents;
  for (;;) {
    let alive = waiting.filter(({ subject }) => reach.links.has(linkOf(ground, subject)));
    if (alive.length === 0) alive = inCircles(ground, waiting);
    if (alive.length === 0) return [...waiting];
    for (const { digest, of, weight } of alive) reachManifest(ground, reach, digest, of, weight);
    const reached = new Set(alive);
    waiting = waiting.filter((dependent) => !reached.has(dependent));
  }
}

/** Those whose subject nothing but they themselves need, each other included: such are tags and manifests like others. */
function inCircles(ground: Ground, dead: readonly Dependent[]): Dependent[] {
  const present = dead
    .filter(({ subject }) => ground.revisions.has(subject))
    .map((dependent) => ({ dependent, links: linksOf(ground, dependent) }));
  const circular = whatStays(present, (left) => {
    const needed = new Set(left.flatMap(({ links }) => links));
    return left.filter(({ dependent: { subject } }) => needed.has(linkOf(ground, subject)));
  });
  return circular.map(({ dependent }) => dependent);
}

/** All that it needs. */
function linksOf(ground: Ground, { digest, of, weight }: Dependent): string[] {
  const reach: Reach = { links: new Set(), blobs: new Map(), missing: new Map() };
  reachManifest(ground, reach, digest, of, weight);
  return [...reach.links];
}

function linkOf({ layout, repository }: Ground, digest: string): string {
  return revisionLink(layout, repository, digest);
}
