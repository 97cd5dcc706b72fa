import { bringBack, find, type Restoring, type Source, textOf } from "./bringBack";
import { Refusal } from "./job";
import { revisionLink, revisionsFolder, tagsFolder } from "./layout";
import type { Batch } from "./trash";
import { giveTagBack } from "./trashedTags";
import { isDigest } from "./walk";

/** What signs or describes what was restored. */
export interface Signatures {
  /** By tag where there is one, or by digest. */
  readonly back: readonly string[];
  /** Digests of manifests of which something is purged. */
  readonly lost: readonly string[];
}

/** A signature in the trash. */
interface Taken {
  readonly batch: Batch;
  readonly digest: string;
  readonly tag?: string;
}

/**
 * Brings back what went because its subject went, and what is about that in turn. The next mark would do so, too, but
 * until then nobody could pull an image whose signature is asked for.
 */
export function bringSignatures(source: Restoring, manifests: readonly string[]): Signatures {
  const [back, lost]: [string[], string[]] = [[], []];
  const subjects = [...manifests];
  for (let subject = subjects.pop(); subject !== undefined; subject = subjects.pop()) {
    for (const { batch, digest, tag } of takenWith(source, subject)) {
      const brought = broughtOrPurged(source, digest);
      if (brought === undefined) lost.push(digest);
      else if (tag === undefined || giveTagBack(source, batch, tag)) {
        back.push(tag ?? digest);
        for (const manifest of brought) subjects.push(manifest);
      }
    }
  }
  return { back, lost };
}

/** What lies in the trash because this manifest went: links of manifests, and of tags that are named by it. */
function takenWith(source: Source, subject: string): Taken[] {
  const { layout, repository, batches } = source;
  const link = revisionLink(layout, repository, subject);
  return batches.flatMap((batch) =>
    batch.things
      .filter((thing) => thing.subject === link)
      .flatMap(({ path }) => {
        if (find(source, path)?.batch !== batch) return [];
        const digest = textOf(source, { path, batch });
        if (!isDigest(digest)) return [];
        if (path.startsWith(`${revisionsFolder(layout, repository)}/`)) return [{ batch, digest }];
        const tag = tagOf(path.slice(tagsFolder(layout, repository).length + 1));
        return tag === undefined ? [] : [{ batch, digest, tag }];
      }),
  );
}

/** The tag whose link it is; of its history there is none. */
function tagOf(path: string): string | undefined {
  const [tag, ...rest] = path.split("/");
  return rest.join("/") === "current/link" ? tag : undefined;
}

/** All manifests that are there with it, or undefined if it cannot be whole again. */
function broughtOrPurged(source: Restoring, digest: string): readonly string[] | undefined {
  try {
    return bringBack(source, digest).manifests;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
