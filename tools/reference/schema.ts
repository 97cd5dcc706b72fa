import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema, type PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";

/**
 * What other languages would see of the package, by the SDK's own analyser.
 *
 * @throws Error that names the argument or output whose type no other language knows.
 */
export function packageSchema(projectDirectory: string, components: Iterable<string>): PackageSpec {
  const text = readFileSync(join(projectDirectory, "package.json"), "utf8");
  const { name, version, description } = JSON.parse(text);
  // The package's own entry is JavaScript, and the analyser reads the source.
  const entry = { name, version, main: "index.ts" };
  const analyzer = new Analyzer(join(projectDirectory, "components"), name, entry, new Set(components));
  const found = analyzer.analyze();
  return generateSchema(
    name,
    version,
    description,
    // By name: the analyser's order is that of imports.
    sorted(found.components),
    sorted(found.typeDefinitions),
    found.dependencies,
  );
}

function sorted<Value>(map: { readonly [name: string]: Value }): { [name: string]: Value } {
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}
