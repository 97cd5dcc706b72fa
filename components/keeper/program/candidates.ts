import type { Disk } from "./disk";
import { type Context, Unreadable } from "./job";
import { type Layout, layerLink, layoutOf, manifestOfLink, repositoryOfLink, revisionLink } from "./layout";
import { readManifest } from "./manifest";
import { recall, sinceWhen } from "./memory";
import { allRules, type Rules } from "./rules";
import type { Thing } from "./trash";
import { whatStays } from "./whatStays";

/** What nothing needs. */
export interface Unneeded {
  readonly links: readonly Thing[];
  readonly blobs: readonly Thing[];
}

/**
 * Of what nothing needs, what may go, and the rest. It may go if an earlier run, at least the grace before, already found
 * it so, and every run since, and if it was not written within the grace. Age alone is not enough: what is old may have
 * lost its tag a moment ago, or be about to get one.
 *
 * @param now In milliseconds.
 */
export function ripe(
  context: Context,
  { links, blobs }: Unneeded,
  now: number,
  rules: Rules = allRules,
): { readonly goes: Unneeded; readonly waits: Unneeded } {
  const before = recall(context, "candidates");
  const last = now - context.settings.graceSeconds * 1000;
  const isRipe = (thing: Thing): boolean => {
    const since = sinceWhen(before, thing);
    return since !== undefined && since <= last && thing.modified <= last;
  };
  const things = [...links, ...blobs];
  const going = new Set(inOrder(context, things, rules.grace ? things.filter(isRipe) : things));
  const goes = (thing: Thing): boolean => going.has(thing);
  const waits = (thing: Thing): boolean => !going.has(thing);
  return {
    goes: { links: links.filter(goes), blobs: blobs.filter(goes) },
    waits: { links: links.filter(waits), blobs: blobs.filter(waits) },
  };
}

/** Of what is ripe, what waits for nothing else. */
function inOrder(context: Context, things: readonly Thing[], going: readonly Thing[]): readonly Thing[] {
  return whatStays(going, (left) => afterManifests(context, things, afterSubjects(things, left)));
}

/**
 * No layer or child goes before its manifest, which may have been pushed again a moment ago, as a signature whose subject
 * is gone: it would come back with its subject, and they would be gone for good by then.
 */
function afterManifests(
  { disk, settings }: Context,
  things: readonly Thing[],
  going: readonly Thing[],
): Thing[] {
  const layout = layoutOf(settings.dataFolder);
  const paths = new Set(going.map(({ path }) => path));
  const repositories = new Set(going.map(({ path }) => repositoryOfLink(layout, path)));
  for (const { path } of things) {
    const manifest = manifestOfLink(path);
    const repository = repositoryOfLink(layout, path);
    if (manifest === undefined || paths.has(path) || !repositories.has(repository)) continue;
    for (const digest of mentioned(disk, layout, manifest)) {
      paths.delete(layerLink(layout, repository, digest));
      paths.delete(revisionLink(layout, repository, digest));
    }
  }
  return going.filter(({ path }) => paths.has(path));
}

/** What a manifest mentions; nothing if it cannot be read, which is the mark's to tell of. */
function mentioned(disk: Disk, layout: Layout, digest: string): string[] {
  try {
    const { blobs, manifests } = readManifest(disk, layout, digest);
    return [...blobs, ...manifests].map((each) => each.digest);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** Nothing goes before what it is about. */
function afterSubjects(things: readonly Thing[], going: readonly Thing[]): readonly Thing[] {
  const present = new Set(things.map(({ path }) => path));
  return whatStays(going, (left) => {
    const paths = new Set(left.map(({ path }) => path));
    return left.filter(({ subject }) => subject === undefined || !present.has(subject) || paths.has(subject));
  });
}
