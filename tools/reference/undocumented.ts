import type { PackageSpec, Property } from "@pulumi/pulumi/provider/experimental/schema";
import { defaultOf, type Sources } from "./sources";
import { componentsOf, enumsOf, mapsOf } from "./types";

/** What a reader of the page would miss: everything without a comment, and every default or error untold. */
export function undocumented(schema: PackageSpec, sources: Sources): string[] {
  return [
    ...componentsOf(schema).flatMap(([name, component]) => [
      ...(component.description ? [] : [name]),
      ...(sources.components.get(name)?.throws ? [] : [`${name}: @throws`]),
      ...[...(sources.components.get(name)?.methods ?? [])].flatMap(([call, text]) =>
        text === "" ? [`${name}.${call}`] : [],
      ),
      ...withoutComment(name, component.properties),
      ...withoutComment(`${name}Args`, component.inputProperties),
      ...defaults(`${name}Args`, component.inputProperties, component.requiredInputs, sources),
    ]),
    ...[...mapsOf(schema, true), ...mapsOf(schema, false)].flatMap(([name, { properties }]) => [
      ...(sources.interfaces.get(name)?.text ? [] : [name]),
      ...withoutComment(name, properties),
    ]),
    ...mapsOf(schema, true).flatMap(([name, map]) => defaults(name, map.properties, map.required, sources)),
    ...enumsOf(schema).flatMap(([name, { enum: values = [] }]) => [
      ...(sources.enums.get(name) ? [] : [name]),
      ...values.flatMap((value) => (value.description ? [] : [`${name}.${value.name}`])),
    ]),
  ];
}

type Properties = { readonly [name: string]: Property };

function withoutComment(owner: string, properties: Properties = {}): string[] {
  return Object.entries(properties).flatMap(([name, { description }]) =>
    description ? [] : [`${owner}.${name}`],
  );
}

/** Arguments that may be left out and do not say what is then, and those that must be given and say so. */
function defaults(
  owner: string,
  properties: Properties = {},
  required: readonly string[] = [],
  sources: Sources,
): string[] {
  return Object.keys(properties).flatMap((name) =>
    required.includes(name) === (defaultOf(sources, owner, name) === undefined)
      ? []
      : [`${owner}.${name}: @default`],
  );
}
