import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessTable } from "../../access/accessTable";
import type { ImmutableTagsArgs } from "../../access/args";
import { repositoryName } from "../../registry/grammar";

const scripts = ["access.js", "catalogue.js", "glob.js", "immutableTags.js"] as const;

/** What the scripts read beside what nginx looks up for them. */
export interface AccessDataSettings {
  readonly table: AccessTable;
  readonly immutableTags: readonly ImmutableTagsArgs[];
  /** Key of tokens; secret. */
  readonly tokenKey: string;
}

/** The scripts that decide who may do what, and their data, by names of files. */
export function accessScripts(settings: AccessDataSettings): { readonly [file: string]: string } {
  const texts = scripts.map((name) => [name, readFileSync(join(__dirname, name), "utf8")] as const);
  return { ...Object.fromEntries(texts), "accessData.js": accessData(settings) };
}

/** One object, which nginx makes anew for each request: as few values as can be, and the rules where they are asked for. */
function accessData({ table, immutableTags, tokenKey }: AccessDataSettings): string {
  const immutable = immutableTags.map(({ repositories, tags }) => [repositories.join(" "), tags.join(" ")]);
  return `export default {
  legal: /^${repositoryName.replaceAll("/", "\\/")}$/,
  key: ${JSON.stringify(tokenKey)},
  isOpen: ${table.isOpen},
  rules: () => ${JSON.stringify(table.rules, null, 2)},
  immutable: ${JSON.stringify(immutable)},
};
`;
}
