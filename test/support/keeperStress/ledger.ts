import type { Image } from "./images";
import { makeLocks, type Wanted } from "./locks";

/** A tag as clients left it. */
export interface Tag {
  readonly repository: string;
  readonly tag: string;
  readonly image: Image;
}

/** What must be in the registry, by what clients were told. */
export interface Ledger {
  /** All tags. */
  tags(): Tag[];
  /** A number that changes whenever somebody begins or ends to change a tag. */
  version(repository: string, tag: string): number;
  /** Every manifest that was pushed and not deleted by its digest, by repository. */
  manifests(repository: string): ReadonlyMap<string, Image>;
  repositories(): string[];
  /** Whether a tag must be there: one that is about another manifest goes with that, and may come back with it. */
  mustBe(repository: string, tag: string): boolean;
  /** The same of a manifest without a tag. */
  mustKeep(repository: string, digest: string): boolean;
  /** Whether manifests go that have no tag; at first they are kept. Those that it held for may be gone for ever. */
  untaggedGo: boolean;
  /** Runs a push, and notes the tag if it succeeds; `push` may answer what the client made of the image. */
  pushing(
    repository: string,
    tag: string,
    image: Image,
    push: () => Promise<Image | undefined>,
  ): Promise<void>;
  deletingTag(repository: string, tag: string, remove: () => Promise<unknown>): Promise<void>;
  /**
   * With its children and all tags that point to it. `remove` removes one of them, and answers whether it was there: one
   * that the keeper had taken may come back with its subject.
   */
  deletingImage(
    repository: string,
    image: Image,
    remove: (digest: string) => Promise<boolean>,
  ): Promise<void>;
}

const tagKey = (repository: string, tag: string) => `${repository}:${tag}`;
const manifestKey = (repository: string, digest: string) => `${repository}@${digest}`;

/** What a tag of the form that cosign and OCI have for signatures is about. */
export function subjectOf(tag: string): string | undefined {
  const hex = /^sha256-([0-9a-f]{64})(\.sig)?$/.exec(tag)?.[1];
  return hex && `sha256:${hex}`;
}

/** An image with its children, and theirs. */
export function withChildren(image: Image): Image[] {
  return [image, ...image.children.flatMap(withChildren)];
}

export function makeLedger(): Ledger {
  const tags = new Map<string, Tag>();
  const versions = new Map<string, number>();
  const manifests = new Map<string, Map<string, Image>>();
  const ever = new Set<string>();
  const locks = makeLocks();

  const changing = async (names: readonly string[], change: () => Promise<void>): Promise<void> => {
    const count = () => {
      for (const name of names) versions.set(name, (versions.get(name) ?? 0) + 1);
    };
    count();
    try {
      await change();
    } finally {
      count();
    }
  };
  /**
   * What is about something that was deleted, and what has no tag but one that is, or none at all where such go: it goes
   * some time, unless it or its subject is pushed again before.
   */
  const orphaned = new Set<string>();
  const isGone = (repository: string, subject: string | undefined) =>
    subject !== undefined &&
    ever.has(manifestKey(repository, subject)) &&
    (!manifests.get(repository)?.has(subject) || orphaned.has(manifestKey(repository, subject)));
  const noteOrphans = (repository: string) => {
    const own = [...tags].filter(([, tag]) => tag.repository === repository);
    for (let before = -1; before !== orphaned.size; ) {
      before = orphaned.size;
      for (const [name, { tag }] of own) if (isGone(repository, subjectOf(tag))) orphaned.add(name);
      const [dead, living] = [true, false].map((isDead) =>
        own.filter(([name]) => orphaned.has(name) === isDead).map(([, { image }]) => image),
      );
      const alive = new Set(living?.flatMap(withChildren).map(({ digest }) => digest));
      for (const { digest } of dead ?? [])
        if (!alive.has(digest)) orphaned.add(manifestKey(repository, digest));
      for (const [digest, { subject }] of manifests.get(repository) ?? [])
        if (isGone(repository, subject)) orphaned.add(manifestKey(repository, digest));
      if (ledger.untaggedGo) noteUntagged(repository, alive);
    }
  };
  /** `alive` have a tag, or an index that has one. */
  const noteUntagged = (repository: string, alive: Set<string>) => {
    const own = [...(manifests.get(repository)?.values() ?? [])];
    for (let before = -1; before !== alive.size; ) {
      before = alive.size;
      const living = own.filter(({ subject = "" }) => alive.has(subject));
      for (const { digest } of living.flatMap(withChildren)) alive.add(digest);
    }
    for (const { digest } of own) if (!alive.has(digest)) orphaned.add(manifestKey(repository, digest));
  };

  const ledger: Ledger = {
    untaggedGo: false,
    tags: () => [...tags.values()],
    version: (repository, tag) => versions.get(tagKey(repository, tag)) ?? 0,
    manifests: (repository) => manifests.get(repository) ?? new Map(),
    repositories: () => [...manifests.keys()],
    mustBe: (repository, tag) => !orphaned.has(tagKey(repository, tag)),
    mustKeep: (repository, digest) => !orphaned.has(manifestKey(repository, digest)),

    pushing(repository, tag, image, push) {
      const name = tagKey(repository, tag);
      const all = withChildren(image);
      const shared = all.map(
        ({ digest }): Wanted => ({ key: manifestKey(repository, digest), shared: true }),
      );
      return locks.hold([{ key: name }, ...shared], () =>
        changing([name], async () => {
          const pushed = (await push()) ?? image;
          const own = manifests.get(repository) ?? new Map<string, Image>();
          manifests.set(repository, own);
          for (const each of withChildren(pushed)) {
            own.set(each.digest, each);
            ever.add(manifestKey(repository, each.digest));
            orphaned.delete(manifestKey(repository, each.digest));
          }
          orphaned.delete(name);
          tags.set(name, { repository, tag, image: pushed });
          noteOrphans(repository);
        }),
      );
    },

    deletingTag(repository, tag, remove) {
      const name = tagKey(repository, tag);
      return locks.hold([{ key: name }], () =>
        changing([name], async () => {
          if (!tags.has(name)) return;
          await remove();
          tags.delete(name);
          noteOrphans(repository);
        }),
      );
    },

    async deletingImage(repository, image, remove) {
      const digests = withChildren(image).map(({ digest }) => digest);
      const pointing = () =>
        [...tags.values()]
          .filter((tag) => tag.repository === repository && digests.includes(tag.image.digest))
          .map(({ tag }) => tagKey(repository, tag));
      for (let done = false; !done; ) {
        const seen = pointing();
        const wanted = [...seen, ...digests.map((digest) => manifestKey(repository, digest))];
        done = await locks.hold(
          wanted.map((key) => ({ key })),
          async () => {
            const now = pointing();
            if (now.some((name) => !seen.includes(name))) return false;
            const own = manifests.get(repository);
            if (!own?.has(image.digest)) return true;
            await changing(now, async () => {
              for (const digest of digests) {
                if (await remove(digest)) own.delete(digest);
                else orphaned.add(manifestKey(repository, digest));
              }
              for (const name of now) tags.delete(name);
              noteOrphans(repository);
            });
            return true;
          },
        );
      }
    },
  };
  return ledger;
}
