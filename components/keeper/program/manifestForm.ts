import { Unreadable } from "./job";

/*
 * Which forms of a manifest can be understood: those that the registry serves (`Get` in manifeststore.go of v3.1.2, and
 * `verifyManifest` in schema2manifesthandler.go and ocimanifesthandler.go). Of any other nobody can say what it needs,
 * and what seems to need nothing would lose its layers: schema 1 names them `fsLayers`, an artifact manifest `blobs`.
 */

/** What stands in an object, by the names that are asked for here. */
export type Fields = { readonly [name: string]: unknown };

const images = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
];
const indexes = [
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
];

const names = [
  ...["schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject"],
  ...["digest", "size", "platform", "os", "architecture", "variant"],
];
const nameByFolded = new Map(names.map((name) => [folded(name), name]));

/**
 * The fields of an object, by the names above in whatever letters they are written: the registry is written in Go, which
 * takes `Layers` for `layers`, and so it may have been pushed.
 * @throws Unreadable if it is no object, or has one field in two spellings
 */
export function fieldsOf(value: unknown, digest: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Unreadable(`the manifest ${digest} makes no sense`);
  }
  const fields = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    const name = nameByFolded.get(folded(key));
    if (name === undefined) continue;
    if (fields.has(name)) throw notServed(digest, `has "${name}" twice, in other letters`);
    fields.set(name, field);
  }
  return Object.fromEntries(fields);
}

/** @throws Unreadable if the registry does not serve such a manifest */
export function checkForm(fields: Fields, digest: string): void {
  const { schemaVersion, mediaType, config, layers, manifests } = fields;
  const type = mediaType ?? "";
  const isOfType = (types: readonly string[]) => types.some((known) => known === type);
  if (schemaVersion === 1) throw notServed(digest, "is of schema 1");
  if (type !== "" && !isOfType([...images, ...indexes])) {
    throw notServed(digest, `is of the type ${JSON.stringify(type)}`);
  }
  if (schemaVersion !== 2) throw notServed(digest, "does not say that it is of schema 2");
  // Only OCI's may leave their type out. An index may be empty, its list left out; an image has a configuration.
  const isIndex = isOfType(indexes) || (type === "" && (manifests != null || layers == null));
  if (!isIndex && config == null) throw notServed(digest, "has no configuration");
}

function notServed(digest: string, what: string): Unreadable {
  return new Unreadable(
    `the manifest ${digest} ${what}: this registry does not serve it, and nobody can say what it needs; ` +
      "delete it with --digest, or push the image again with a newer client and delete this one",
  );
}

/** As Go compares names: also a long s is an s, and the sign of kelvin a k. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
