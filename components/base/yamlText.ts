/**
 * A value as YAML 1.1: the registry's parser (gopkg.in/yaml.v2) takes a bare `yes` or `on` for a truth value.
 *
 * The package is loaded at the first use. It is half of what loading this library takes, and a stack that only runs
 * images from a registry writes no YAML.
 */
export function yamlText(value: unknown): string {
  const { stringify }: typeof import("yaml") = require("yaml");
  return stringify(value, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}
