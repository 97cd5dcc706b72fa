import { historyFolder, revisionLink } from "./layout";
import { parseManifest } from "./manifest";
import { type Ground, type Reach, reachManifest, type Weight } from "./reach";
import { linkThing, type Thing } from "./trash";
import { type Link, linksIn } from "./walk";

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
  let waiting = [...dependents];
  for (;;) {
    const dead = waiting.filter(
      ({ subject }) => !reach.links.has(revisionLink(ground.layout, ground.repository, subject)),
    );
    const alive = waiting.filter((dependent) => !dead.includes(dependent));
    if (alive.length === 0) return dead;
    for (const { digest, of, weight } of alive) reachManifest(ground, reach, digest, of, weight);
    waiting = dead;
  }
}
