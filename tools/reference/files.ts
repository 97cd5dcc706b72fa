import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceMarked } from "../marks";
import { packageSchema } from "./schema";
import { readSources } from "./sources";
import { referenceTables } from "./tables";
import { undocumented } from "./undocumented";

/**
 * The generated files, path to text: the page of all arguments and outputs, whose prose stays, and the schema that
 * other languages would get.
 *
 * @throws Error that names what has no comment, or no place on the page.
 */
export function referenceFiles(projectDirectory: string): { readonly [path: string]: string } {
  const sources = readSources(join(projectDirectory, "components"));
  const schema = packageSchema(projectDirectory, sources.components.keys());
  const missing = undocumented(schema, sources);
  if (missing.length > 0) throw new Error(`write a comment for:\n${missing.join("\n")}`);
  const page = "docs/reference.md";
  const text = [...referenceTables(schema, sources)].reduce(
    (before, [mark, tables]) => replaceMarked(before, mark, `\n${tables}\n`),
    readFileSync(join(projectDirectory, page), "utf8"),
  );
  return { [page]: text, "docs/schema.json": `${JSON.stringify(schema, null, 2)}\n` };
}
