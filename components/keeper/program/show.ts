import { largest } from "./extremes";
import { type Facts, factsReader, isManifest, readConfig } from "./facts";
import { counted, minuteText, shortDigest, sizeText, table } from "./format";
import type { Answer, Context } from "./job";
import { blobData, type Layout, layoutOf } from "./layout";
import type { Descriptor } from "./manifest";
import { type Relations, relationsIn, subjectTags } from "./relations";
import { digestOf, referenceOf, referenceText, type Tag, tagOf, tagsOf } from "./repository";
import type { Request } from "./request";

/** A configuration, a layer, or a child of an index. */
interface Part {
  readonly part: "config" | "layer" | "manifest";
  readonly digest: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly platform: string | null;
  readonly isHere: boolean;
}

interface Related {
  readonly digest: string;
  readonly type: string;
  readonly tags: readonly string[];
}

interface Shown {
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string;
  /** ISO time in UTC; of a tag only. */
  readonly pushed: string | null;
  readonly kind: Facts["kind"];
  readonly type: string;
  readonly bytes: number;
  readonly platforms: readonly string[];
  readonly tags: readonly string[];
  readonly parts: readonly Part[];
  /** What signs or describes it. */
  readonly referrers: readonly Related[];
  /** The indexes that it is part of. */
  readonly indexes: readonly Related[];
  readonly subject: string | null;
  readonly problem: string | null;
  /** As they were pushed. */
  readonly manifest: unknown;
  readonly config: unknown;
}

/** What there is to know of one manifest. */
export function show({ disk, settings }: Context, request: Request): Answer {
  const layout = layoutOf(settings.dataFolder);
  const reference = referenceOf(request);
  const digest = digestOf(disk, layout, reference);
  const factsOf = factsReader(disk, layout);
  const facts = factsOf(digest);
  const all = tagsOf(disk, layout, reference.repository);
  const relations = relationsIn(disk, layout, reference.repository);
  const tag = reference.tag && tagOf(disk, layout, reference.repository, reference.tag);
  const relate = (related: string): Related => ({
    digest: related,
    type: typeOf(factsOf(related)),
    tags: namesOf(all, related),
  });
  const isHere = (part: string) => disk.stat(blobData(layout, part)) !== undefined;
  const shown: Shown = {
    repository: reference.repository,
    tag: reference.tag ?? null,
    digest,
    pushed: tag ? new Date(tag.link.stat.modified).toISOString() : null,
    kind: facts.kind,
    type: typeOf(facts),
    bytes: facts.bytes,
    platforms: facts.platforms,
    tags: namesOf(all, digest),
    parts: partsOf(facts, isHere),
    referrers: referrersOf(relations, all, digest).map(relate),
    indexes: (relations.indexes.get(digest) ?? []).map(relate),
    subject: facts.manifest?.subject ?? null,
    problem: facts.fault ?? null,
    manifest: readConfig(disk, layout, digest) ?? null,
    config: configOf({ disk, layout }, facts),
  };
  return { text: textOf(referenceText(reference), shown), json: shown };
}

function configOf({ disk, layout }: { disk: Context["disk"]; layout: Layout }, facts: Facts): unknown {
  const config = facts.manifest?.config;
  return (config && readConfig(disk, layout, config.digest)) ?? null;
}

function namesOf(tags: readonly Tag[], digest: string): string[] {
  return tags.filter(({ link }) => link.digest === digest).map(({ name }) => name);
}

function referrersOf({ referrers }: Relations, tags: readonly Tag[], digest: string): string[] {
  const byName = subjectTags(tags, new Set([digest])).map(({ link }) => link.digest);
  return [...new Set([...(referrers.get(digest) ?? []), ...byName])];
}

function typeOf({ kind, manifest }: Facts): string {
  if (kind === "index") return `index of ${counted(manifest?.manifests.length ?? 0, "manifest")}`;
  if (kind !== "artifact") return kind;
  return manifest?.artifactType ?? manifest?.config?.mediaType ?? kind;
}

function partsOf({ manifest }: Facts, isHere: (digest: string) => boolean): Part[] {
  if (manifest === undefined) return [];
  const part = (descriptor: Descriptor): Part => ({
    part: partName(descriptor, manifest.config),
    digest: descriptor.digest,
    bytes: descriptor.size,
    mediaType: descriptor.mediaType,
    platform: descriptor.platform ?? null,
    isHere: isHere(descriptor.digest),
  });
  return [...manifest.blobs, ...manifest.manifests].map(part);
}

function partName(descriptor: Descriptor, config: Descriptor | undefined): Part["part"] {
  if (descriptor === config) return "config";
  return isManifest(descriptor) ? "manifest" : "layer";
}

function textOf(name: string, shown: Shown): string {
  const lines: readonly [name: string, value: string][] = [
    ["digest", shown.digest],
    ["pushed", shown.pushed === null ? "" : minuteText(Date.parse(shown.pushed))],
    ["type", shown.type],
    ["size", sizeText(shown.bytes)],
    ["platforms", shown.platforms.join(", ")],
    ["tags", shown.tags.join(", ") || "none"],
    ["signs or describes", shown.subject ?? ""],
    ["problem", shown.problem ?? ""],
  ];
  const known = lines.filter(([, value]) => value !== "");
  const width = largest(known.map(([name]) => name.length));
  return [
    `${name}\n`,
    ...known.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`),
    partsText(shown.parts),
    relatedText("Signed or described by", shown.referrers),
    relatedText("Part of", shown.indexes),
  ].join("");
}

function partsText(parts: readonly Part[]): string {
  if (parts.length === 0) return "";
  const rows = parts.map(({ part, digest, bytes, mediaType, platform, isHere }) => [
    part,
    digest,
    sizeText(bytes),
    isHere ? (platform ?? mediaType) : `${platform ?? mediaType} (not here)`,
  ]);
  return `\n${table(["PART", "DIGEST", "SIZE|", "WHAT"], rows)}`;
}

function relatedText(title: string, related: readonly Related[]): string {
  if (related.length === 0) return "";
  const rows = related.map(({ digest, type, tags }) => [shortDigest(digest), type, tags.join(", ")]);
  return `\n${title}:\n${table(["DIGEST", "TYPE", "TAGS"], rows)}`;
}
