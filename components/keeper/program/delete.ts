import { deleteManifest } from "./deleteManifest";
import { counted, shortDigest, someOf } from "./format";
import { immutableTagsIn } from "./immutableTags";
import { type Answer, type Context, Refusal } from "./job";
import { layoutOf } from "./layout";
import { checkPlace } from "./place";
import { checkRepository, type Reference, referenceOf, referenceText, tagOf, tagsOf } from "./repository";
import type { Request } from "./request";
import { takeTags } from "./takeTags";
import { undoneUntil, undoText } from "./undo";

/** Moves a tag into the trash, or with the flag `digest` a manifest with all its tags. */
export function deleteReference(context: Context, request: Request): Answer {
  checkPlace(context);
  if (request.flags.includes("digest")) return deleteManifest(context, request);
  const reference = referenceOf(request);
  if (reference.tag === undefined) {
    throw new Refusal(
      `${referenceText(reference)} is a manifest: with --digest it is deleted, with all tags that point to it`,
    );
  }
  if (request.flags.includes("apply")) throw new Refusal("delete knows --apply only with --digest");
  return deleteTag(context, request.user, reference, reference.tag);
}

function deleteTag(context: Context, user: string, reference: Reference, tag: string): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const { repository } = reference;
  checkRepository(disk, layout, repository);
  const there = tagOf(disk, layout, repository, tag);
  if (there === undefined) throw new Refusal(`there is no tag ${referenceText(reference)}`);
  if (immutableTagsIn(settings, repository)(tag)) {
    throw new Refusal(`${referenceText(reference)} is immutable, by immutableTags, and stays`);
  }
  const reason = { kind: "delete", user, repository, tag } as const;
  takeTags(context, reason, repository, [there]);
  const after = tagOf(disk, layout, repository, tag);
  if (after !== undefined) {
    throw new Refusal(`${referenceText(reference)} was pushed again meanwhile, and stays as it was pushed`);
  }
  const { digest } = there.link;
  const others = tagsOf(disk, layout, repository).filter(({ link }) => link.digest === digest);
  const until = undoneUntil(context);
  const text = [
    `Deleted ${referenceText(reference)}${digest && `, which pointed to ${shortDigest(digest)}`}.\n`,
    `What it pointed to ${whatStays(
      others.map(({ name }) => name),
      settings.untaggedSeconds,
    )}.\n`,
    undoText(context, until, referenceText(reference)),
  ];
  const json = { deleted: [{ repository, tag, digest }], undoUntil: new Date(until).toISOString() };
  return { text: text.join(""), json };
}

function whatStays(others: readonly string[], untaggedSeconds: number | undefined): string {
  if (others.length > 0)
    return `stays: ${someOf(others)} ${others.length === 1 ? "points" : "point"} to it, too`;
  const reach = "stays, and can be pulled by its digest";
  if (untaggedSeconds === undefined) return `${reach}; delete with --digest takes that, too`;
  return `${reach} for ${counted(Math.round(untaggedSeconds / 86_400), "day")}`;
}
