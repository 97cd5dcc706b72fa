import { isManifest } from "./facts";
import { counted, shortDigest, someOf } from "./format";
import { immutableTagsIn } from "./immutableTags";
import { type Answer, type Context, Refusal } from "./job";
import { type Layout, layoutOf, revisionLink } from "./layout";
import { type Relations, relationsIn, subjectOf, subjectTags } from "./relations";
import { digestOf, type Reference, referenceOf, referenceText, type Tag, tagsOf } from "./repository";
import type { Request } from "./request";
import { takeAll } from "./take";
import { takeTags } from "./takeTags";
import { giveBack, type Thing, thingAt } from "./trash";
import { endsOfPushes, underWay } from "./underWay";
import { undoneUntil, undoText } from "./undo";

/** What is to go. */
interface Plan {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly Tag[];
  /** The manifest, and the children that only it needs. */
  readonly manifests: readonly string[];
  /** What signs or describes any of these. */
  readonly referrers: readonly string[];
  /** When a push of each manifest last came to its end. */
  readonly ends: ReadonlyMap<string, number>;
}

/** Moves a manifest into the trash, with all tags of the repository that point to it and the children that only it needs. */
export function deleteManifest(context: Context, request: Request): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const reference = referenceOf(request);
  const plan = planOf(context, layout, reference);
  const immutable = plan.tags.map(({ name }) => name).filter(immutableTagsIn(settings, plan.repository));
  if (immutable.length > 0) {
    throw new Refusal(
      `${referenceText(reference)} stays: ${someOf(immutable)}, immutable by immutableTags, ${immutable.length === 1 ? "points" : "point"} to it`,
    );
  }
  if (plan.referrers.length > 0 && !request.flags.includes("apply")) {
    throw new Refusal(
      `${referenceText(reference)} is signed or described by ${someOf(plan.referrers)}, which would go after it with a collection; delete it nevertheless with --digest --apply`,
    );
  }
  const { repository, digest, tags } = plan;
  const pushed = underWay(context, layout, repository, plan.ends);
  if (pushed.length > 0) throw pushedJustNow(context, reference, pushed);
  const reason = { kind: "delete", user: request.user, repository, digest } as const;
  takeTags(context, reason, repository, tags);
  // Judged before the last look at who pushes: a link that is written after it is another, and stays.
  const things = thingsOf(context, layout, plan);
  // A tag that stayed, or came back, needs its manifest.
  const again = [
    ...pointing(context, layout, repository, new Set(plan.manifests)),
    ...underWay(context, layout, repository, plan.ends).map(() => "a push under way"),
  ];
  if (again.length > 0) throw pushedAgain(reference, again);
  const { batch, taken, changed } = takeAll(disk, layout, reason, things);
  const needed = [...neededAgain(context, layout, plan), ...changed.map(() => "a push under way")];
  if (needed.length > 0) {
    for (const { path } of taken) giveBack(disk, layout, { name: batch }, path);
    throw pushedAgain(reference, needed);
  }
  return answerOf(context, plan);
}

/** @throws Refusal if an index mentions it, from which it would be missing */
function planOf(context: Context, layout: Layout, reference: Reference): Plan {
  const { disk } = context;
  const digest = digestOf(disk, layout, reference);
  const { repository } = reference;
  const all = tagsOf(disk, layout, repository);
  const relations = relationsIn(disk, layout, repository);
  const indexes = relations.indexes.get(digest) ?? [];
  if (indexes.length > 0) {
    throw new Refusal(
      `${referenceText(reference)} is part of ${someOf(named(all, indexes))}: delete that first, or nobody could pull it whole`,
    );
  }
  const manifests = [digest, ...childrenOf(relations, all, digest)];
  return {
    repository,
    digest,
    tags: all.filter(({ link }) => link.digest === digest),
    manifests,
    ends: endsOfPushes(context, layout, repository, manifests, { tags: all, relations }),
    referrers: referrersOf(relations, all, manifests),
  };
}

/** What signs or describes any of these and goes after them: nothing that goes itself, or has a tag of its own. */
function referrersOf(relations: Relations, tags: readonly Tag[], manifests: readonly string[]): string[] {
  const going = new Set(manifests);
  const byName = subjectTags(tags, going).filter(({ link }) => !going.has(link.digest));
  const others = tags.filter((tag) => subjectOf(tag) === undefined);
  const stay = new Set([...manifests, ...others.map(({ link }) => link.digest)]);
  const saidSo = manifests
    .flatMap((digest) => relations.referrers.get(digest) ?? [])
    .filter((digest) => !stay.has(digest));
  return [...new Set([...byName.map(({ name }) => name), ...named(tags, saidSo)])];
}

/** Manifests by a tag, where they have one. */
function named(tags: readonly Tag[], digests: readonly string[]): string[] {
  return digests.map(
    (digest) => tags.find(({ link }) => link.digest === digest)?.name ?? shortDigest(digest),
  );
}

/** The children, and theirs, that neither a tag nor another index needs. */
function childrenOf(relations: Relations, tags: readonly Tag[], digest: string): string[] {
  // Any of these may be an index that mentions them.
  if (relations.unreadable.length > 0) return [];
  const tagged = new Set(tags.map(({ link }) => link.digest));
  const going = new Set([digest]);
  for (const parent of going) {
    for (const child of relations.manifests.get(parent)?.manifests ?? []) {
      const parents = relations.indexes.get(child.digest) ?? [];
      const isFree = !tagged.has(child.digest) && parents.every((index) => going.has(index));
      if (isFree && isManifest(child) && relations.manifests.has(child.digest)) going.add(child.digest);
    }
  }
  going.delete(digest);
  return [...going];
}

function thingsOf({ disk }: Context, layout: Layout, { repository, manifests }: Plan): Thing[] {
  return manifests.flatMap((manifest) => thingAt(disk, revisionLink(layout, repository, manifest)) ?? []);
}

/** The tags that point to any of these manifests now. */
function pointing(
  { disk }: Context,
  layout: Layout,
  repository: string,
  manifests: ReadonlySet<string>,
): string[] {
  return tagsOf(disk, layout, repository)
    .filter(({ link }) => manifests.has(link.digest))
    .map(({ name }) => name);
}

/** What was pushed while the manifests were being taken and needs one of them. */
function neededAgain(context: Context, layout: Layout, { repository, manifests }: Plan): string[] {
  const gone = new Set(manifests);
  const { indexes } = relationsIn(context.disk, layout, repository);
  const parents = manifests.flatMap((manifest) => indexes.get(manifest) ?? []);
  return [...pointing(context, layout, repository, gone), ...parents.map(shortDigest)];
}

function pushedAgain(reference: Reference, names: readonly string[]): Refusal {
  return new Refusal(
    `${referenceText(reference)} is needed by ${someOf(names)}, pushed meanwhile: the manifest stays, and of its tags what was pushed meanwhile`,
  );
}

function pushedJustNow({ settings }: Context, reference: Reference, manifests: readonly string[]): Refusal {
  const minutes = Math.max(1, Math.round(settings.settleSeconds / 60));
  return new Refusal(
    `${referenceText(reference)} stays: ${someOf(manifests.map(shortDigest))} was pushed or restored just now, and a push may not ` +
      `have come to its end. Delete the tag alone, or ask again in ${counted(minutes, "minute")}`,
  );
}

function answerOf(context: Context, { repository, digest, tags, manifests, referrers }: Plan): Answer {
  const until = undoneUntil(context);
  const names = tags.map(({ name }) => name);
  const children = manifests.length - 1;
  const text = [
    `Deleted ${repository}@${digest}${names.length > 0 ? ` with ${counted(names.length, "tag")}: ${names.join(", ")}` : ", which had no tag"}.\n`,
    children > 0 ? `With it went ${counted(children, "manifest")} that nothing else needs.\n` : "",
    referrers.length > 0
      ? `What signs or describes it goes with a later collection: ${referrers.join(", ")}.\n`
      : "",
    "Layers that nothing else needs go with a later collection.\n",
    undoText(context, until, `${repository}@${digest}`),
  ];
  const deleted = [
    ...names.map((tag) => ({ repository, tag, digest })),
    ...manifests.map((manifest) => ({ repository, digest: manifest })),
  ];
  return { text: text.join(""), json: { deleted, undoUntil: new Date(until).toISOString() } };
}
