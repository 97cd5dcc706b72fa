import type {
  ComplexType,
  PackageSpec,
  Property,
  Resource,
} from "@pulumi/pulumi/provider/experimental/schema";

/** Name to definition, without the prefix that the schema gives them. */
type Named<Definition> = readonly (readonly [name: string, definition: Definition])[];

type Properties = { readonly [name: string]: Property };

export function componentsOf({ resources }: PackageSpec): Named<Resource> {
  return withoutPrefix(resources);
}

/** The maps that arguments are made of, or, with `ofArguments` false, those that occur in outputs alone. */
export function mapsOf(schema: PackageSpec, ofArguments: boolean): Named<ComplexType> {
  const known = new Map(withoutPrefix(schema.types));
  const found = new Set<string>();
  const follow = (properties: Properties = {}) => {
    for (const name of Object.values(properties).flatMap(typesIn)) {
      if (found.has(name)) continue;
      found.add(name);
      follow(known.get(name)?.properties);
    }
  };
  for (const [, { inputProperties }] of componentsOf(schema)) follow(inputProperties);
  return [...known].filter(([name, type]) => type.enum === undefined && found.has(name) === ofArguments);
}

export function enumsOf({ types }: PackageSpec): Named<ComplexType> {
  return withoutPrefix(types).filter(([, type]) => type.enum !== undefined);
}

/** A type as a reader of the page needs it: "list of text", or a link to the table of a map. */
export function typeInWords(type: Property): string {
  if ("$ref" in type) {
    const [name] = typesIn(type);
    return name === undefined ? "anything" : `[${name}](#${name.toLowerCase()})`;
  }
  if (type.items) return `list of ${typeInWords(type.items)}`;
  if (type.additionalProperties) return `map of ${typeInWords(type.additionalProperties)}`;
  const words: { readonly [type: string]: string } = { string: "text", boolean: "true or false" };
  return words[type.type] ?? type.type;
}

/** Whether the output of a resource will do as well. The schema says so of anything, which has no kind. */
export function mayBeOutput(type: Property): boolean {
  return !type.plain && typeInWords(type) !== "anything";
}

function typesIn(type: Property): string[] {
  const inside = [type.items, type.additionalProperties].flatMap((part) => (part ? typesIn(part) : []));
  const own = "$ref" in type && type.$ref.startsWith("#/types/") ? [type.$ref.replace(/^.*:/, "")] : [];
  return [...own, ...inside];
}

function withoutPrefix<Definition>(definitions: { readonly [token: string]: Definition }): Named<Definition> {
  return Object.entries(definitions).map(([token, definition]) => [token.replace(/^.*:/, ""), definition]);
}
