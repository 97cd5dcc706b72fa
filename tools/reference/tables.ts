import type {
  ComplexType,
  PackageSpec,
  Property,
  Resource,
} from "@pulumi/pulumi/provider/experimental/schema";
import { defaultOf, type Sources } from "./sources";
import { componentsOf, enumsOf, mapsOf, mayBeOutput, typeInWords } from "./types";

/** The tables of the page by the mark of their place: one for each component, and those that they refer to. */
export function referenceTables(schema: PackageSpec, sources: Sources): ReadonlyMap<string, string> {
  return new Map([
    ...componentsOf(schema).map(([name, component]): [string, string] => [
      name,
      componentTables(name, component, sources),
    ]),
    ["arguments", sections(mapsOf(schema, true).map(([name, map]) => argumentMap(name, map, sources)))],
    ["outputs", sections(mapsOf(schema, false).map(([name, map]) => outputMap(name, map, sources)))],
    [
      "values",
      sections(enumsOf(schema).map(([name, { enum: values = [] }]) => valueList(name, values, sources))),
    ],
  ]);
}

function componentTables(name: string, component: Resource, sources: Sources): string {
  const methods = [...(sources.components.get(name)?.methods ?? [])];
  return sections([
    component.description ?? "",
    argumentTable(`${name}Args`, component.inputProperties, component.requiredInputs, sources),
    outputTable("Output", component.properties),
    table("Method", ["Meaning"], methods),
  ]);
}

function argumentMap(name: string, { properties, required }: ComplexType, sources: Sources): string {
  return sections([
    heading(name),
    sources.interfaces.get(name)?.text ?? "",
    argumentTable(name, properties, required, sources),
  ]);
}

function outputMap(name: string, { properties }: ComplexType, sources: Sources): string {
  return sections([heading(name), sources.interfaces.get(name)?.text ?? "", outputTable("Key", properties)]);
}

function valueList(name: string, values: NonNullable<ComplexType["enum"]>, sources: Sources): string {
  const rows = values.map(({ value, description = "" }) => [String(value), description] as const);
  return sections([heading(name), sources.enums.get(name) ?? "", table("Value", ["Meaning"], rows)]);
}

function argumentTable(
  owner: string,
  properties: { readonly [name: string]: Property } = {},
  required: readonly string[] = [],
  sources: Sources,
): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const type = `${typeInWords(property)}${mayBeOutput(property) ? " or output" : ""}`;
    const usual = required.includes(name)
      ? "required"
      : defaultInWords(defaultOf(sources, owner, name) ?? "");
    return [name, type, usual, property.description ?? ""] as const;
  });
  return table("Argument", ["Type", "Default", "Meaning"], rows);
}

function outputTable(title: string, properties: { readonly [name: string]: Property } = {}): string {
  const rows = Object.entries(properties).map(
    ([name, property]) => [name, typeInWords(property), property.description ?? ""] as const,
  );
  return table(title, ["Type", "Meaning"], rows);
}

/** A literal is code; `<...>` is what we work out, told in words. */
function defaultInWords(text: string): string {
  const [, words] = /^<([^<>]*)>$/.exec(text) ?? [];
  return words ?? (text === "none" ? text : `\`${text}\``);
}

function heading(name: string): string {
  return `### ${name}`;
}

function table(
  title: string,
  others: readonly string[],
  rows: readonly (readonly [name: string, ...cells: string[]])[],
): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const lines = rows.map(([name, ...cells]) => line([`\`${name}\``, ...cells]));
  return [line([title, ...others]), line([title, ...others].map(() => "---")), ...lines].join("\n");
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

function sections(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .map((part) => `${part.trim()}\n`)
    .join("\n");
}
